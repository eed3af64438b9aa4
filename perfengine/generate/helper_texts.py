"""The bodies of the helpers of an SQL file, with places in braces: `helpers_sql.py` fills them in."""

from __future__ import annotations

from typing import Final

#: Iterations before those that are measured: a function's statements get their lasting plan at the sixth call.
WARMUP: Final = 6

OUTPUT: Final = """\
  INOUT name text, sql text, INOUT iterations integer{more},
  OUT mean numeric, OUT median numeric, OUT min numeric, OUT max numeric, OUT stdev numeric,
  OUT p95 numeric, OUT p99 numeric
)
LANGUAGE plpgsql"""

FIGURES: Final = """\
  SELECT round(avg(s)::numeric, 6),
         round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s)::numeric, 6),
         round(min(s)::numeric, 6),
         round(max(s)::numeric, 6),
         round(coalesce(stddev_samp(s), 0)::numeric, 6),
         round(percentile_disc(0.95) WITHIN GROUP (ORDER BY s)::numeric, 6),
         round(percentile_disc(0.99) WITHIN GROUP (ORDER BY s)::numeric, 6)
  INTO mean, median, min, max, stdev, p95, p99
  FROM unnest(seconds) AS s;"""

BENCHMARK: Final = """\
DECLARE
  keys {key_type}[];
  last_claimed integer;
  began timestamptz;
  took interval;
  touched bigint;
  seconds float8[] := '{{}}';
BEGIN
  SELECT max(c.iteration) INTO last_claimed
  FROM {claimed} AS c
  WHERE c.benchmark = name;
  IF last_claimed < iterations THEN
    RAISE EXCEPTION '%: % iterations, and rows were claimed for %', name, iterations, last_claimed;
  END IF;
  FOR i IN {first}..iterations LOOP
    SELECT array_agg(c.key ORDER BY c.place) INTO keys
    FROM {claimed} AS c
    WHERE c.benchmark = name AND c.iteration = i;
    began := clock_timestamp();
    EXECUTE sql USING keys;
    took := clock_timestamp() - began;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched = 0 THEN
      RAISE EXCEPTION '%: iteration % found nothing to do', name, i;
    END IF;
    IF i > 0 THEN
      seconds := seconds || extract(epoch FROM took)::float8;
    END IF;
  END LOOP;
{figures}
END"""

INSERTING: Final = """\
DECLARE
  made {row_type};
  began timestamptz;
  took interval;
  touched bigint;
  seconds float8[] := '{{}}';
BEGIN
  FOR i IN {first}..iterations LOOP
    made := {maker}(name, {state});
    took := NULL;
    began := clock_timestamp();
    IF refused_with IS NULL THEN
      EXECUTE sql USING made;
      took := clock_timestamp() - began;
      GET DIAGNOSTICS touched = ROW_COUNT;
      IF touched = 0 THEN
        RAISE EXCEPTION '%: iteration % stored nothing', name, i;
      END IF;
    ELSE
      BEGIN
        EXECUTE sql USING made;
      EXCEPTION WHEN OTHERS THEN
        took := clock_timestamp() - began;
        IF SQLSTATE <> refused_with THEN
          RAISE;
        END IF;
      END;
      IF took IS NULL THEN
        RAISE EXCEPTION '%: the server took a row that breaks the rule', name;
      END IF;
    END IF;
    IF i > 0 THEN
      seconds := seconds || extract(epoch FROM took)::float8;
    END IF;
  END LOOP;
{figures}
END"""

CLAIM: Final = """\
DECLARE
  made bigint := 0;
BEGIN
  FOR iteration IN {first}..iterations LOOP
    FOR place IN 1..each LOOP
      INSERT INTO {claimed}
      VALUES (
        benchmark, iteration, place,
        {adder}(benchmark, states[1 + made % cardinality(states)])
      );
      made := made + 1;
    END LOOP;
  END LOOP;
END"""

VERIFY: Final = """\
DECLARE
  missed bigint;
BEGIN
  SELECT count(*) INTO missed
  FROM {claimed} AS c
  LEFT JOIN {table} AS t ON t.{key} = c.key
  WHERE c.benchmark = verify.benchmark AND t.{state}::text IS DISTINCT FROM verify.state;
  IF missed > 0 THEN
    RAISE EXCEPTION '%: % rows are not "%" afterwards', verify.benchmark, missed, verify.state;
  END IF;
END"""

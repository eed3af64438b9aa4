-- How fast "order" is: state_machine, timed inside the server.
-- perfengine generate: sha256 of the other lines: 3ce8e9316b4e9cace1e9fc446c5e9129b079d63d84d4d9f78a26996de28217cc
--
-- Made by perfengine 0.1.0 from ../../entities/order.yaml
-- (sha256 5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed).
-- `perfengine generate` makes it anew, and asks first where somebody has edited it.
--
-- To run it:   psql -q -v ON_ERROR_STOP=1 -f order_state_machine_performance.sql
-- It needs:    PostgreSQL 13 or newer, and the right to create a schema;
--              on the search path the tables "customer", "order"
--              and the functions "order_confirm"(uuid), "order_ship"(uuid), "order_deliver"(uuid).
-- It leaves:   nothing. All of it is one transaction, and the last line rolls it back: the rows
--              that it made, its helpers, and what functions and triggers did meanwhile. The
--              same happens where it is stopped on the way. Rows that were there are neither
--              changed nor removed. Until it ends, vacuum keeps what it may still see; the space
--              that its rows took is free for others after the next vacuum. Numbers that
--              sequences gave out meanwhile do not come again.
-- It tells:    seconds, as one session inside the server sees them.
--
-- A function inside one transaction cannot measure
--   * a commit: no iteration ends in one, so nothing waits for the disk,
--   * the way between application and server, and the driver,
--   * other sessions: nobody waits for a lock, a buffer or a processor,
--   * what prepared statements save: each iteration parses and plans its statement,
--   * time that goes on: now() is the same in all iterations,
--   * cleaning up: row versions that an iteration leaves stay until the end of its benchmark.
-- `perfengine run` measures all that, with the same documents.

BEGIN;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL client_min_messages = warning;
-- What would be checked at a commit is checked at once: there is none.
SET CONSTRAINTS ALL IMMEDIATE;
-- The same values each time, as far as they come from random().
DO $do$ BEGIN PERFORM setseed(0.42); END $do$;

-- The helpers of this file.
CREATE SCHEMA perfengine_order_state_machine;

-- Rows of "customer" for others to refer to: 100 of them.
CREATE TABLE perfengine_order_state_machine.customer_keys (
  number bigint PRIMARY KEY, key uuid NOT NULL
);

DO $do$
BEGIN
  INSERT INTO perfengine_order_state_machine.customer_keys SELECT i, gen_random_uuid()
  FROM generate_series(1, 100) AS i;
  INSERT INTO "customer" ("id") SELECT key FROM perfengine_order_state_machine.customer_keys;
EXCEPTION
  WHEN undefined_table THEN
    RAISE WARNING USING MESSAGE = 'there is no table "customer": references to it are made up';
    INSERT INTO perfengine_order_state_machine.customer_keys SELECT i, gen_random_uuid()
    FROM generate_series(1, 100) AS i;
  WHEN not_null_violation OR check_violation OR foreign_key_violation OR insufficient_privilege THEN
    -- It wants more than a key. Rows that are there will do: a reference changes nothing in
    -- them; nobody can delete them until this transaction ends.
    INSERT INTO perfengine_order_state_machine.customer_keys
    SELECT i, there.key
    FROM generate_series(1, 100) AS i
    JOIN (
      SELECT row_number() OVER () - 1 AS place, count(*) OVER () AS total, few.key
      FROM (SELECT "id" AS key FROM "customer" LIMIT 100) AS few
    ) AS there ON there.place = i % there.total;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING MESSAGE = '"customer" wants more than a key, and no row of it is there to refer to',
        HINT = 'generate this file with the entity file of that table, too';
    END IF;
END
$do$;

CREATE FUNCTION perfengine_order_state_machine.customer_key(wanted float8) RETURNS uuid
LANGUAGE plpgsql STABLE AS $body$
BEGIN
  RETURN (
    SELECT k.key FROM perfengine_order_state_machine.customer_keys AS k WHERE k.number = wanted::bigint
  );
END
$body$;

-- Makes a row of "order" in a state; it is not stored yet.
CREATE FUNCTION perfengine_order_state_machine.new_order(benchmark text, state text) RETURNS "order"
LANGUAGE plpgsql AS $body$
DECLARE
  made "order";
BEGIN
  made."id" := gen_random_uuid();
  made."customer_id" := perfengine_order_state_machine.customer_key(1 + floor(random() * 100));
  made."status" := state;
  made."total_amount" := round((10 + random() * 1000)::numeric, 2);
  made."created_at" := now() - random() * interval '365 days';
  made."updated_at" := now() - random() * interval '365 days';
  RETURN made;
END
$body$;

-- Stores such a row and returns its key.
CREATE FUNCTION perfengine_order_state_machine.add_order(benchmark text, state text) RETURNS uuid
LANGUAGE plpgsql AS $body$
DECLARE
  made "order" := perfengine_order_state_machine.new_order(benchmark, state);
  stored uuid;
BEGIN
  INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at")
  VALUES (made."id", made."customer_id", made."status", made."total_amount", made."created_at",
    made."updated_at")
  RETURNING "id" INTO STRICT stored;
  RETURN stored;
END
$body$;

-- The data set: 1000 rows, in turn pending, confirmed, shipped, delivered.
-- Queries read them beside those that the table has.
DO $do$
BEGIN
  FOR i IN 0..999 LOOP
    PERFORM perfengine_order_state_machine.add_order(
      '', (ARRAY['pending', 'confirmed', 'shipped', 'delivered'])[1 + i % 4]
    );
  END LOOP;
END
$do$;

-- Which rows an iteration works on: each row belongs to one iteration and to no other.
CREATE TABLE perfengine_order_state_machine.claimed (
  benchmark text,
  iteration integer,  -- up to 0: not measured
  place integer,
  key uuid NOT NULL,
  PRIMARY KEY (benchmark, iteration, place)
);

-- Stores new rows in these states, so many for each iteration: none runs out of them.
CREATE PROCEDURE perfengine_order_state_machine.claim(
  benchmark text, states text[], each integer, iterations integer
)
LANGUAGE plpgsql AS $body$
DECLARE
  made bigint := 0;
BEGIN
  FOR iteration IN -5..iterations LOOP
    FOR place IN 1..each LOOP
      INSERT INTO perfengine_order_state_machine.claimed
      VALUES (
        benchmark, iteration, place,
        perfengine_order_state_machine.add_order(benchmark, states[1 + made % cardinality(states)])
      );
      made := made + 1;
    END LOOP;
  END LOOP;
END
$body$;

-- Executes a statement so many times and says how long that took, in seconds. $1 of the
-- statement is the keys that are claimed for the iteration: they are looked up before the
-- clock runs. 6 iterations go before, unmeasured.
CREATE FUNCTION perfengine_order_state_machine.benchmark(
  INOUT name text, sql text, INOUT iterations integer,
  OUT mean numeric, OUT median numeric, OUT min numeric, OUT max numeric, OUT stdev numeric,
  OUT p95 numeric, OUT p99 numeric
)
LANGUAGE plpgsql AS $body$
DECLARE
  keys uuid[];
  last_claimed integer;
  began timestamptz;
  took interval;
  touched bigint;
  seconds float8[] := '{}';
BEGIN
  SELECT max(c.iteration) INTO last_claimed
  FROM perfengine_order_state_machine.claimed AS c
  WHERE c.benchmark = name;
  IF last_claimed < iterations THEN
    RAISE EXCEPTION '%: % iterations, and rows were claimed for %', name, iterations, last_claimed;
  END IF;
  FOR i IN -5..iterations LOOP
    SELECT array_agg(c.key ORDER BY c.place) INTO keys
    FROM perfengine_order_state_machine.claimed AS c
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
  SELECT round(avg(s)::numeric, 6),
         round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s)::numeric, 6),
         round(min(s)::numeric, 6),
         round(max(s)::numeric, 6),
         round(coalesce(stddev_samp(s), 0)::numeric, 6),
         round(percentile_disc(0.95) WITHIN GROUP (ORDER BY s)::numeric, 6),
         round(percentile_disc(0.99) WITHIN GROUP (ORDER BY s)::numeric, 6)
  INTO mean, median, min, max, stdev, p95, p99
  FROM unnest(seconds) AS s;
END
$body$;

-- Fails unless every row that was claimed for a benchmark has come to that state.
CREATE PROCEDURE perfengine_order_state_machine.verify(benchmark text, state text)
LANGUAGE plpgsql AS $body$
DECLARE
  missed bigint;
BEGIN
  SELECT count(*) INTO missed
  FROM perfengine_order_state_machine.claimed AS c
  LEFT JOIN "order" AS t ON t."id" = c.key
  WHERE c.benchmark = verify.benchmark AND t."status"::text IS DISTINCT FROM verify.state;
  IF missed > 0 THEN
    RAISE EXCEPTION '%: % rows are not "%" afterwards', verify.benchmark, missed, verify.state;
  END IF;
END
$body$;

-- Each benchmark begins with the rows that there are now. Those that read come first: rows that
-- were rolled back still lie in the table until a vacuum, and a query would have to pass them.
SAVEPOINT ready;

-- 1. order_status_query: rows by their state
SELECT * FROM perfengine_order_state_machine.benchmark('order_status_query', $sql$
SELECT count(*) FROM "order" WHERE "status" = 'pending'
$sql$, 1000);
ROLLBACK TO SAVEPOINT ready;

-- 2. complex_order_search: rows by several conditions
SELECT * FROM perfengine_order_state_machine.benchmark('complex_order_search', $sql$
SELECT count(*)
FROM "order"
WHERE "status" = 'confirmed'
  AND "total_amount" > 100
  AND "created_at" > now() - '30 days'::interval
$sql$, 500);
ROLLBACK TO SAVEPOINT ready;

-- 3. single_order_confirm: a row from pending to confirmed
CALL perfengine_order_state_machine.claim('single_order_confirm', ARRAY['pending'], 1, 100);
SELECT * FROM perfengine_order_state_machine.benchmark('single_order_confirm', $sql$
SELECT "order_confirm"($1[1]::uuid)
$sql$, 100);
CALL perfengine_order_state_machine.verify('single_order_confirm', 'confirmed');
ROLLBACK TO SAVEPOINT ready;

-- 4. bulk_order_confirm: 100 rows from pending to confirmed
CALL perfengine_order_state_machine.claim('bulk_order_confirm', ARRAY['pending'], 100, 10);
SELECT * FROM perfengine_order_state_machine.benchmark('bulk_order_confirm', $sql$
SELECT count("order_confirm"(u.id)) FROM unnest($1::uuid[]) AS u(id)
$sql$, 10);
CALL perfengine_order_state_machine.verify('bulk_order_confirm', 'confirmed');
ROLLBACK TO SAVEPOINT ready;

-- 5. single_order_ship: a row from confirmed to shipped
CALL perfengine_order_state_machine.claim('single_order_ship', ARRAY['confirmed'], 1, 100);
SELECT * FROM perfengine_order_state_machine.benchmark('single_order_ship', $sql$
SELECT "order_ship"($1[1]::uuid)
$sql$, 100);
CALL perfengine_order_state_machine.verify('single_order_ship', 'shipped');
ROLLBACK TO SAVEPOINT ready;

-- 6. bulk_order_ship: 100 rows from confirmed to shipped
CALL perfengine_order_state_machine.claim('bulk_order_ship', ARRAY['confirmed'], 100, 10);
SELECT * FROM perfengine_order_state_machine.benchmark('bulk_order_ship', $sql$
SELECT count("order_ship"(u.id)) FROM unnest($1::uuid[]) AS u(id)
$sql$, 10);
CALL perfengine_order_state_machine.verify('bulk_order_ship', 'shipped');
ROLLBACK TO SAVEPOINT ready;

-- 7. single_order_deliver: a row from shipped to delivered
CALL perfengine_order_state_machine.claim('single_order_deliver', ARRAY['shipped'], 1, 100);
SELECT * FROM perfengine_order_state_machine.benchmark('single_order_deliver', $sql$
SELECT "order_deliver"($1[1]::uuid)
$sql$, 100);
CALL perfengine_order_state_machine.verify('single_order_deliver', 'delivered');
ROLLBACK TO SAVEPOINT ready;

-- 8. bulk_order_deliver: 100 rows from shipped to delivered
CALL perfengine_order_state_machine.claim('bulk_order_deliver', ARRAY['shipped'], 100, 10);
SELECT * FROM perfengine_order_state_machine.benchmark('bulk_order_deliver', $sql$
SELECT count("order_deliver"(u.id)) FROM unnest($1::uuid[]) AS u(id)
$sql$, 10);
CALL perfengine_order_state_machine.verify('bulk_order_deliver', 'delivered');
ROLLBACK TO SAVEPOINT ready;

-- Everything above is gone with this.
ROLLBACK;

-- How fast "order" is: validation, timed inside the server.
-- perfengine generate: sha256 of the other lines: f54cbc612851f9586487dd5af0cae14e9842805f0ab43260612f65ef6d5d057e
--
-- Made by perfengine 0.1.0 from ../../entities/order.yaml
-- (sha256 5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed).
-- `perfengine generate` makes it anew, and asks first where somebody has edited it.
--
-- To run it:   psql -q -v ON_ERROR_STOP=1 -f order_validation_performance.sql
-- It needs:    PostgreSQL 13 or newer, and the right to create a schema;
--              on the search path the tables "customer", "order"
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
CREATE SCHEMA perfengine_order_validation;

-- Rows of "customer" for others to refer to: 100 of them.
CREATE TABLE perfengine_order_validation.customer_keys (
  number bigint PRIMARY KEY, key uuid NOT NULL
);

DO $do$
BEGIN
  INSERT INTO perfengine_order_validation.customer_keys SELECT i, gen_random_uuid()
  FROM generate_series(1, 100) AS i;
  INSERT INTO "customer" ("id") SELECT key FROM perfengine_order_validation.customer_keys;
EXCEPTION
  WHEN undefined_table THEN
    RAISE WARNING USING MESSAGE = 'there is no table "customer": references to it are made up';
    INSERT INTO perfengine_order_validation.customer_keys SELECT i, gen_random_uuid()
    FROM generate_series(1, 100) AS i;
  WHEN not_null_violation OR check_violation OR foreign_key_violation OR insufficient_privilege THEN
    -- It wants more than a key. Rows that are there will do: a reference changes nothing in
    -- them; nobody can delete them until this transaction ends.
    INSERT INTO perfengine_order_validation.customer_keys
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

CREATE FUNCTION perfengine_order_validation.customer_key(wanted float8) RETURNS uuid
LANGUAGE plpgsql STABLE AS $body$
BEGIN
  RETURN (
    SELECT k.key FROM perfengine_order_validation.customer_keys AS k WHERE k.number = wanted::bigint
  );
END
$body$;

-- Makes a row of "order" in a state; it is not stored yet.
CREATE FUNCTION perfengine_order_validation.new_order(benchmark text, state text) RETURNS "order"
LANGUAGE plpgsql AS $body$
DECLARE
  made "order";
BEGIN
  made."id" := gen_random_uuid();
  made."customer_id" := perfengine_order_validation.customer_key(1 + floor(random() * 100));
  made."status" := state;
  made."total_amount" := round((10 + random() * 1000)::numeric, 2);
  made."created_at" := now() - random() * interval '365 days';
  made."updated_at" := now() - random() * interval '365 days';
  IF benchmark = 'validate_order_positive_total_accept' THEN
    made."total_amount" := 0.01;
  END IF;
  IF benchmark = 'validate_order_positive_total_reject' THEN
    made."total_amount" := 0;
  END IF;
  RETURN made;
END
$body$;

-- Stores such a row and returns its key.
CREATE FUNCTION perfengine_order_validation.add_order(benchmark text, state text) RETURNS uuid
LANGUAGE plpgsql AS $body$
DECLARE
  made "order" := perfengine_order_validation.new_order(benchmark, state);
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
    PERFORM perfengine_order_validation.add_order(
      '', (ARRAY['pending', 'confirmed', 'shipped', 'delivered'])[1 + i % 4]
    );
  END LOOP;
END
$do$;

-- Executes an INSERT so many times and says how long that took, in seconds. $1 of the
-- statement is a new row, made before the clock runs. 6 iterations go before, unmeasured.
-- With refused_with the server must refuse the row with that SQLSTATE; the subtransaction
-- around it is then measured, too.
CREATE FUNCTION perfengine_order_validation.benchmark(
  INOUT name text, sql text, INOUT iterations integer, refused_with text DEFAULT NULL,
  OUT mean numeric, OUT median numeric, OUT min numeric, OUT max numeric, OUT stdev numeric,
  OUT p95 numeric, OUT p99 numeric
)
LANGUAGE plpgsql AS $body$
DECLARE
  made "order";
  began timestamptz;
  took interval;
  touched bigint;
  seconds float8[] := '{}';
BEGIN
  FOR i IN -5..iterations LOOP
    made := perfengine_order_validation.new_order(name, 'pending');
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

-- Each benchmark begins with the rows that there are now. Those that read come first: rows that
-- were rolled back still lie in the table until a vacuum, and a query would have to pass them.
SAVEPOINT ready;

-- 1. validate_order_positive_total_accept: a new row that the rule accepts: total_amount > 0
SELECT * FROM perfengine_order_validation.benchmark('validate_order_positive_total_accept', $sql$
INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at")
VALUES (($1)."id", ($1)."customer_id", 'pending', ($1)."total_amount", ($1)."created_at",
  ($1)."updated_at")
$sql$, 100);
ROLLBACK TO SAVEPOINT ready;

-- 2. validate_order_positive_total_reject: a new row that the rule refuses: total_amount > 0
SELECT * FROM perfengine_order_validation.benchmark('validate_order_positive_total_reject', $sql$
INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at")
VALUES (($1)."id", ($1)."customer_id", 'pending', ($1)."total_amount", ($1)."created_at",
  ($1)."updated_at")
$sql$, 100, '23514');
ROLLBACK TO SAVEPOINT ready;

-- Everything above is gone with this.
ROLLBACK;

-- The sandbox and the statements of a plan: psql -v ON_ERROR_STOP=1 -f FILE
-- It makes the schema perfengine_plan and no rows; DROP SCHEMA perfengine_plan CASCADE removes it.

CREATE SCHEMA perfengine_plan;
SET search_path = perfengine_plan;

CREATE TABLE "customer" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid()
);

CREATE TABLE "order" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid(),
  "customer_id" uuid NOT NULL,
  "status" varchar(255) NOT NULL DEFAULT 'pending',
  "total_amount" numeric(10,2) NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "updated_at" timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE "customer" ADD PRIMARY KEY ("id");

ALTER TABLE "order" ADD CONSTRAINT "order_positive_total" CHECK (
  total_amount > 0
);

ALTER TABLE "order" ADD PRIMARY KEY ("id");

ALTER TABLE "order" ADD CONSTRAINT fk1 FOREIGN KEY ("customer_id") REFERENCES "customer";

CREATE FUNCTION "order_confirm"(uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $pe$
#variable_conflict use_column
BEGIN
  UPDATE "order"
     SET "status" = 'confirmed', "updated_at" = now()
   WHERE "id" = $1
     AND "status" = 'pending';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING MESSAGE = 'invalid transition "confirm" of "order"';
  END IF;
  RETURN $1;
END
$pe$;

CREATE FUNCTION "order_ship"(uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $pe$
#variable_conflict use_column
BEGIN
  UPDATE "order"
     SET "status" = 'shipped', "updated_at" = now()
   WHERE "id" = $1
     AND "status" = 'confirmed';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING MESSAGE = 'invalid transition "ship" of "order"';
  END IF;
  RETURN $1;
END
$pe$;

CREATE FUNCTION "order_deliver"(uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $pe$
#variable_conflict use_column
BEGIN
  UPDATE "order"
     SET "status" = 'delivered', "updated_at" = now()
   WHERE "id" = $1
     AND "status" = 'shipped';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING MESSAGE = 'invalid transition "deliver" of "order"';
  END IF;
  RETURN $1;
END
$pe$;

-- order.crud.order_create [insert]: ok when 1 row comes back
--   $1: the key of a new row
--   $2: a generated customer_id
--   $3: pending
--   $4: a generated total_amount
--   $5: a generated created_at
--   $6: a generated updated_at
PREPARE "order_create" AS
INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id";

-- order.state_machine.single_order_confirm [single_transition]: ok when the returned value says yes
--   $1: the key of a row that no other attempt has
PREPARE "single_order_confirm" AS
SELECT "order_confirm"($1::uuid);

-- order.state_machine.bulk_order_confirm [bulk_transition]: ok when the count is 100
--   $1: the keys of 100 rows that no other attempt has
PREPARE "bulk_order_confirm" AS
SELECT count("order_confirm"(u.id)) FROM unnest($1::uuid[]) AS u(id);

-- order.state_machine.single_order_ship [single_transition]: ok when the returned value says yes
--   $1: the key of a row that no other attempt has
PREPARE "single_order_ship" AS
SELECT "order_ship"($1::uuid);

-- order.state_machine.bulk_order_ship [bulk_transition]: ok when the count is 100
--   $1: the keys of 100 rows that no other attempt has
PREPARE "bulk_order_ship" AS
SELECT count("order_ship"(u.id)) FROM unnest($1::uuid[]) AS u(id);

-- order.state_machine.single_order_deliver [single_transition]: ok when the returned value says yes
--   $1: the key of a row that no other attempt has
PREPARE "single_order_deliver" AS
SELECT "order_deliver"($1::uuid);

-- order.state_machine.bulk_order_deliver [bulk_transition]: ok when the count is 100
--   $1: the keys of 100 rows that no other attempt has
PREPARE "bulk_order_deliver" AS
SELECT count("order_deliver"(u.id)) FROM unnest($1::uuid[]) AS u(id);

-- order.state_machine.order_status_query [simple_select]: ok when 1 row comes back
--   $1: pending
PREPARE "order_status_query" AS
SELECT count(*) FROM "order" WHERE "status" = $1;

-- order.state_machine.complex_order_search [complex_join]: ok when 1 row comes back
--   $1: confirmed
--   $2: 100
--   $3: 30 days
PREPARE "complex_order_search" AS
SELECT count(*) FROM "order" WHERE "status" = $1 AND "total_amount" > $2 AND "created_at" > now() - $3::interval;

-- order.crud.order_query [simple_select]: ok when 1 row comes back
--   $1: the key of a row of the data set
PREPARE "order_query" AS
SELECT "id", "customer_id", "status", "total_amount", "created_at", "updated_at" FROM "order" WHERE "id" = $1;

-- order.crud.order_update [update]: ok when 1 row is changed
--   $1: the key of a row of its own
--   $2: a generated customer_id
--   $3: a generated total_amount
PREPARE "order_update" AS
UPDATE "order" SET "customer_id" = $2, "total_amount" = $3, "updated_at" = now() WHERE "id" = $1;

-- order.crud.bulk_order_update [bulk_update]: ok when 100 rows are changed
--   $1: the keys of 100 rows of its own
--   $2: a generated customer_id
--   $3: a generated total_amount
PREPARE "bulk_order_update" AS
UPDATE "order" SET "customer_id" = $2, "total_amount" = $3, "updated_at" = now() WHERE "id" = ANY($1::uuid[]);

-- order.validation.validate_order_positive_total_accept [validation_accept]: ok when 1 row is changed
--   $1: the key of a new row
--   $2: a generated customer_id
--   $3: pending
--   $4: a total_amount that positive_total accepts
--   $5: a generated created_at
--   $6: a generated updated_at
PREPARE "validate_order_positive_total_accept" AS
INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6);

-- order.validation.validate_order_positive_total_reject [validation_reject]: ok when it is refused with 23514 by order_positive_total
--   $1: the key of a new row
--   $2: a generated customer_id
--   $3: pending
--   $4: a total_amount that positive_total refuses
--   $5: a generated created_at
--   $6: a generated updated_at
PREPARE "validate_order_positive_total_reject" AS
INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6);

-- The sandbox and the statements of a plan: psql -v ON_ERROR_STOP=1 -f FILE
-- It makes the schema perfengine_plan and no rows; DROP SCHEMA perfengine_plan CASCADE removes it.

CREATE SCHEMA perfengine_plan;
SET search_path = perfengine_plan;

-- setup, once the tables are filled
--   ANALYZE "order"
--   INSERT INTO account SELECT g, 0 FROM generate_series(1, 1000) g

-- shop.own.search [statement]: ok when at least 1 row comes back
--   $1: customer, a key of customer, zipf with s 1.1
--   $2: note, 8 hex digits, or null (10% of them)
PREPARE "search" AS
SELECT * FROM "order"
 WHERE "customer_id" = $1 AND "note" = $2;

-- shop.own.pay [transaction]: ok when it comes back without an error
--   $1: account, a whole number from 1 to 1000
PREPARE "pay_1" AS
SELECT balance FROM account WHERE id = $1 FOR UPDATE;
--   $1: id, a uuid that no other attempt has
--   $2: by, one of card (3), cash (1)
--   $3: balance of account
PREPARE "pay_2" AS
INSERT INTO payment (id, paid_by, balance) VALUES ($1, $2, $3);

-- shop.own.checkout [python]: ok when it comes back without an error
--   Python workloads/checkout.py:checkout

-- order.state_machine.single_order_confirm [single_transition]: ok when the returned value says yes
--   $1: the key of a row drawn at random
PREPARE "single_order_confirm" AS
SELECT "order_confirm"($1);

-- order.state_machine.single_order_ship [single_transition]: ok when the returned value says yes
--   $1: the key of a row that no other attempt has
PREPARE "single_order_ship" AS
SELECT "order_confirm"($1);

-- teardown, whatever happened
--   TRUNCATE payment

"""What belongs to others in a database that is loaded: made before a run, and compared after it to the last byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

#: Names that a careless statement trips over: our tables', reserved words, our functions', our schemas'.
BYSTANDERS = """
CREATE TABLE public.customer (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
CREATE TABLE public."order" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id uuid REFERENCES public.customer (id),
  status text NOT NULL DEFAULT 'pending',
  total_amount numeric(10, 2),
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);
INSERT INTO public.customer (name) SELECT 'customer ' || n FROM generate_series(1, 20) AS n;
INSERT INTO public."order" (customer_id, total_amount) SELECT id, 7 FROM public.customer;
CREATE INDEX ON public."order" (status);
CREATE FUNCTION public.order_confirm(uuid) RETURNS uuid LANGUAGE sql AS
  'UPDATE public."order" SET status = ''theirs'' WHERE id = $1 RETURNING id';
CREATE VIEW public.open_orders AS SELECT * FROM public."order" WHERE status = 'pending';
CREATE SEQUENCE public.numbers;
SELECT nextval('public.numbers');
CREATE SCHEMA "user";
CREATE TABLE "user"."order" (id integer PRIMARY KEY, "select" text);
CREATE TABLE "user"."user" (id integer REFERENCES "user"."order" (id));
INSERT INTO "user"."order" SELECT n, 'row ' || n FROM generate_series(1, 10) AS n;
INSERT INTO "user"."user" SELECT n FROM generate_series(1, 10) AS n;
CREATE SCHEMA perfengine_deadbeef;
CREATE TABLE perfengine_deadbeef."order" (id integer);
INSERT INTO perfengine_deadbeef."order" VALUES (1), (2);
CREATE SCHEMA perfengine_deadbee0;
COMMENT ON SCHEMA perfengine_deadbee0 IS 'perfengine sandbox of run deadbeef';
CREATE SCHEMA perfengine_production;
COMMENT ON SCHEMA perfengine_production IS 'perfengine sandbox of run production';
"""

_THEIRS = "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"

_OBJECTS = f"""
SELECT 'schema ' || quote_ident(nspname) AS name, concat_ws(' ', oid, xmin, obj_description(oid)) AS state
FROM pg_namespace WHERE {_THEIRS}
UNION ALL
SELECT concat_ws(' ', relkind, quote_ident(nspname) || '.' || quote_ident(relname)),
       concat_ws(' ', c.oid, relfilenode, relacl, obj_description(c.oid))
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE {_THEIRS}
UNION ALL
SELECT 'function ' || p.oid::regprocedure, concat_ws(' ', p.oid, p.xmin, prosrc)
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE {_THEIRS}
UNION ALL
SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname), pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_namespace n ON n.oid = connamespace WHERE {_THEIRS}
"""

_TABLES = f"""
SELECT relkind::text AS kind, format('%I.%I', nspname, relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'S') AND {_THEIRS} ORDER BY 2
"""

_ROWS = "SELECT concat_ws(' ', t.xmin, t.ctid, t.*::text) AS state FROM {} AS t ORDER BY t.ctid"
_PLACE = "SELECT concat_ws(' ', last_value, is_called) AS state FROM {}"


async def everything_of_others(connection: asyncpg.Connection) -> Mapping[str, str]:
    """Return every object of a database and every row of its tables: name to state, xmin and place included.

    A row that was changed and changed back is another row. What perfengine leaves behind shows too.
    """
    found = {row["name"]: row["state"] for row in await connection.fetch(_OBJECTS)}
    for kind, name in await connection.fetch(_TABLES):
        rows = _ROWS if kind == "r" else _PLACE
        for number, row in enumerate(await connection.fetch(rows.format(name))):
            found[f"row {number} of {name}"] = row["state"]
    return found

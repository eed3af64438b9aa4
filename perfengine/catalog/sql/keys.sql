-- an index over an expression has 0 for the number of a column, and depends on those that it reads;
-- by jsonb what only newer servers know
SELECT i.indrelid::bigint AS "table", x.relname::text AS name, i.indisprimary AS "primary",
       NOT i.indimmediate AS deferrable, i.indpred IS NOT NULL OR NOT i.indisvalid AS partial,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS numbers,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_equal,
       (SELECT array_agg(DISTINCT d.refobjsubid) FROM pg_depend d
        WHERE i.indexprs IS NOT NULL AND d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid) AS read
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
WHERE i.indisunique AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY i.indrelid, i.indisprimary DESC, x.relname

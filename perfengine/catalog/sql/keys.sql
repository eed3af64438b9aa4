-- an index over an expression has 0 for the number of a column
SELECT i.indrelid::bigint AS "table", x.relname::text AS name, i.indisprimary AS "primary",
       NOT i.indimmediate AS deferrable, i.indpred IS NOT NULL OR NOT i.indisvalid AS partial,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS numbers
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
WHERE i.indisunique AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY i.indrelid, i.indisprimary DESC, x.relname

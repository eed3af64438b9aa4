-- of a composite type its columns, of a function that returns one these say whether the call was a success
SELECT t.oid::bigint AS oid, t.typname::text AS name, format_type(t.oid, NULL) AS sql, t.typtype::text AS kind,
       t.typcategory::text AS category, t.typbasetype::bigint AS base, t.typtypmod AS modifier,
       t.typnotnull AS not_null, format_type(t.typbasetype, t.typtypmod) AS base_sql,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
         AS labels,
       (SELECT array_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'c') AS checks,
       (SELECT array_agg(k.conname::text ORDER BY k.conname) FROM pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'c') AS check_names,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS column_names,
       (SELECT array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS column_types
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
-- rows of the catalog's own tables are columns where somebody's view has made them so
WHERE n.nspname !~ '^pg_toast'
  AND (n.nspname NOT IN ('pg_catalog', 'information_schema') OR t.typtype <> 'c'
       OR t.oid IN (SELECT atttypid FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped))

-- those of partitions repeat what is said of the whole table; a CHECK that is NOT ENFORCED (18 and newer) holds nobody
SELECT k.conrelid::bigint AS "table", k.conname::text AS name, k.contype::text AS kind, k.conkey AS numbers,
       k.confrelid::bigint AS target, k.confkey AS target_numbers, k.confdeltype::text AS on_delete,
       k.condeferrable AS deferrable, pg_get_expr(k.conbin, k.conrelid) AS expression
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype IN ('f', 'c') AND k.conrelid <> 0 AND k.conparentid = 0
  AND (k.contype <> 'c' OR coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true))
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY k.conrelid, k.conname

SELECT t.tgrelid::bigint AS "table", t.tgname::text AS name, t.tgtype::int AS bits,
       n.nspname::text AS function_schema, p.proname::text AS function_name
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
ORDER BY t.tgrelid, t.tgname

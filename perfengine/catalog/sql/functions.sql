-- those of extensions are no transitions of anybody's entity
SELECT n.nspname::text AS schema, p.proname::text AS name, p.prokind::text AS kind,
       (SELECT coalesce(array_agg(format_type(a.type, NULL) ORDER BY a.place), '{}')
        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, place)) AS arguments,
       p.proargnames AS names, p.proargmodes::text[] AS modes, p.pronargdefaults AS defaults,
       (SELECT array_agg(format_type(a.type, NULL) ORDER BY a.place)
        FROM unnest(p.proallargtypes) WITH ORDINALITY AS a(type, place)) AS all_types,
       p.proretset AS returns_set, p.prorettype::bigint AS returns, format_type(p.prorettype, NULL) AS returns_sql,
       p.provolatile::text AS volatility, has_function_privilege(p.oid, 'EXECUTE') AS may_execute
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                  AND d.deptype = 'e')
ORDER BY n.nspname, p.proname, p.proargtypes

-- Who watches, so that its process can be recognised, and whether the server counts at all.
SELECT pg_backend_pid() AS pid,
       session_user::text AS role,
       current_database()::text AS database,
       current_setting('track_activities')::bool AS tracks_sessions,
       current_setting('track_counts')::bool AS tracks_counts

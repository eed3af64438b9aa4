-- The watching session: told apart from those it watches, never long at work, planned once.
SELECT set_config('application_name', $1, false),
       set_config('statement_timeout', $2, false),
       set_config('lock_timeout', $2, false),
       set_config('plan_cache_mode', 'force_generic_plan', false),
       set_config('jit', 'off', false)

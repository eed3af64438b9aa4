"""What is said to a server once it answers, over its own socket: make the database, tell the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.embedded.access import PORT, ROLE

if TYPE_CHECKING:
    from perfengine.embedded.binaries import Binaries
    from perfengine.embedded.home import Home

#: One JSON object of text on one line: the settings that bear on figures, and all that somebody set in a file.
SETTINGS_SQL: Final = """
SELECT json_object_agg(name, current_setting(name) ORDER BY name)::text
  FROM pg_catalog.pg_settings
 WHERE name IN ('server_version', 'max_connections', 'shared_buffers', 'effective_cache_size', 'work_mem',
                'wal_level', 'fsync', 'synchronous_commit', 'full_page_writes', 'max_wal_size', 'checkpoint_timeout',
                'autovacuum', 'jit', 'data_checksums', 'random_page_cost', 'io_method')
    OR (source = 'configuration file' AND setting IS DISTINCT FROM boot_val
        AND name NOT IN ('listen_addresses', 'unix_socket_directories', 'unix_socket_permissions', 'hba_file',
                         'ident_file', 'cluster_name', 'log_timezone'));
"""

#: Safe to repeat. The extension goes to template1 first, so that every database made later has it.
INTRODUCTION_SQL: Final = f"""
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
SELECT 'CREATE DATABASE {ROLE}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{ROLE}') \\gexec
{SETTINGS_SQL}"""


def psql_command(binaries: Binaries, home: Home, database: str) -> list[str]:
    """Return the command that reads SQL from its standard input and prints bare rows."""
    place = ["--host", str(home.socket_dir), "--port", str(PORT), "--username", ROLE, "--dbname", database]
    manner = [
        "--no-psqlrc",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
    ]
    return [binaries.program("psql"), *place, *manner]

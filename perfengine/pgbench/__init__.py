"""pgbench scripts: text → values → operations."""

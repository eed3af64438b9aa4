"""Test files that run without perfengine's command line: SQL for psql, and a Python script. A plan in, texts out."""

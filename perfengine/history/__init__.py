"""The run store: a directory for each run, and an index of them in SQLite that can be made again at any time."""

"""The spellings of entity files that are in use, turned into the one that `shape/` reads; every place is kept."""

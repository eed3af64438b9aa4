"""Runs on tables that are there: rows of ours beside those of others, known by a ledger, and taken out by key."""

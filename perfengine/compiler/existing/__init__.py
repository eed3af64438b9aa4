"""Scenarios on tables that are there already: passes that match them, in place of those that make a sandbox."""

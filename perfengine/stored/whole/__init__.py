"""A result's JSON back to all that reports show of a run."""

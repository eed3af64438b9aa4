"""Commands: what a user types, and nothing else."""

"""Pages served on this machine: a run while it goes on, and the runs that were kept."""

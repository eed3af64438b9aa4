"""What a run measures, told to monitoring meanwhile: in the parent process, from intervals, never per attempt."""

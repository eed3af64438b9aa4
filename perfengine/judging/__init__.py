"""Summary and limits to verdicts; pure."""

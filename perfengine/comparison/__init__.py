"""Samples of runs in, answers out: change, same, inconclusive or not comparable. Pure."""

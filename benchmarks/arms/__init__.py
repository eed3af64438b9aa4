"""The load generators that are compared: one file an arm."""

"""When things are due: arrivals of an open load, users of a closed one, think times. Arithmetic, no clock."""

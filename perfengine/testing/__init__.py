"""Load tests as tests: the pytest plugin and what its fixture does."""

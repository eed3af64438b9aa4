"""The order of things. The only room that knows the others."""

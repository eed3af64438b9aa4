"""The paired comparison: two arms, each with a sandbox, a load process and warm connections, that take turns."""

"""What a server's catalog says, from rows to values: queries, and how their answers are put together."""

"""A server that speaks PostgreSQL's protocol and does no work: what a load process can do at most, it shows."""

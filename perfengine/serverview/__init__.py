"""The server and the machine meanwhile: what a run watches once a second, beside its load."""

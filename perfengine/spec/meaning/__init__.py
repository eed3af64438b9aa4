"""What a well-formed document means: names resolved, limits built, layers merged."""

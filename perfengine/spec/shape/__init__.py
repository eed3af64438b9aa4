"""What a document may look like: pydantic models, read so that one wrong part leaves the others readable."""

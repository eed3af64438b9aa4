"""A stored result as one HTML page that can be mailed and read anywhere: pure, from the document to the text."""

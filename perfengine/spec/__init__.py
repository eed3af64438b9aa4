"""Text to Scenario: documents are read, checked and merged here, and only here. Alone imports yaml and pydantic."""

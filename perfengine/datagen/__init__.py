"""Seeded values for rows and parameters, alike in Python and in SQL."""

"""Scenario to Plan, in passes; pure."""

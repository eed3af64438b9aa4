"""Protocols, only where two implementers exist."""

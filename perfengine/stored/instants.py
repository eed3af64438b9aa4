"""Instants in documents: ISO 8601, written in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

#: What is said where one is needed.
NO_INSTANT: Final = "is no instant: 2026-11-23T09:30:00Z is one"


def instant_of(value: object) -> datetime | None:
    """Return the instant that a value of a document is, in UTC; one without a time zone is in UTC. Else None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # none, or one that lies outside the calendar in UTC
        return None


def instant_text(instant: datetime, timespec: str = "milliseconds") -> str:
    """Return an instant as documents have it: `2026-11-23T09:30:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")

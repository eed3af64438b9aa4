"""How an attempt ended. `attempts = ok + refused + error + timeout + starved`, always."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """The way an attempt ended; small integers, because the load loop records them."""

    OK = 0  #: the reply was as expected
    REFUSED = 1  #: the database said no by its own rules
    ERROR = 2  #: the database or the wire failed
    TIMEOUT = 3  #: a deadline ended it
    STARVED = 4  #: there was no row to work on


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an attempt was not ok; few distinct values, so it can be counted by value."""

    outcome: Outcome
    sqlstate: str | None  #: five characters, None when the database gave none
    error_class: str  #: connection_lost, in_doubt, retryable, integrity, resources, cancelled, reply, ...
    message: str  #: one line, capped, no row values, no password
    constraint: str | None = None  #: the constraint that refused, where the database names one
    lost: bool = False  #: the connection is gone

"""The shape of `safety:`: what a run does to others on a server at most."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import Field

from perfengine import units
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.written import Written, quantity

#: A limit that is not looked at.
_OFF: Final = frozenset({"off", "no", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit as written, in the one kind of figure that it was written in; in none: it is switched off."""

    duration_ns: int | None = None
    size_bytes: int | None = None
    share: float | None = None


def _duration(text: str) -> Limit:
    return Limit(duration_ns=units.parse_duration_ns(text))


def _lag(text: str) -> Limit:
    try:
        return Limit(size_bytes=units.parse_size_bytes(text))
    except ValueError:
        pass
    try:
        return _duration(text)
    except ValueError:
        raise ValueError(
            f"{quoted(text)} is neither a duration such as 30s nor a size such as 512MB"
        ) from None


def _free(text: str) -> Limit:
    try:
        return Limit(size_bytes=units.parse_size_bytes(text))
    except ValueError:
        pass
    try:
        share = float(units.parse_fraction(text))
    except ValueError:
        raise ValueError(f'{quoted(text)} is neither a share such as "5%" nor a size such as 20GB') from None
    if not 0 < share < 1:
        raise ValueError(f'{quoted(text)} of a disk cannot be asked to stay free: write "5%", or off')
    return Limit(share=share)


def _read_duration(text: str) -> Limit:
    return Limit() if text.casefold() in _OFF else _duration(text)


def _read_lag(text: str) -> Limit:
    return Limit() if text.casefold() in _OFF else _lag(text)


def _read_free(text: str) -> Limit:
    return Limit() if text.casefold() in _OFF else _free(text)


_SWITCHED_OFF: Final = {"const": False}
_TEXT: Final = {"type": "string", "minLength": 1}

Blocked = Annotated[
    Limit,
    Written(
        quantity(_read_duration, "a duration such as 2s, or off"),
        {"anyOf": [_SWITCHED_OFF, {**_TEXT, "examples": ["2s", "off"]}]},
    ),
]
Lag = Annotated[
    Limit,
    Written(
        quantity(_read_lag, "a duration such as 30s, a size such as 512MB, or off"),
        {"anyOf": [_SWITCHED_OFF, {**_TEXT, "examples": ["30s", "512MB", "off"]}]},
    ),
]
FreeDisk = Annotated[
    Limit,
    Written(
        quantity(_read_free, 'a share such as "5%", a size such as 20GB, or off'),
        {
            "anyOf": [
                _SWITCHED_OFF,
                {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                {**_TEXT, "examples": ["5%", "20GB", "off"]},
            ]
        },
    ),
]


class SafetyPart(Part):
    """`{blocked_others: 2s, replication_lag: 30s, free_disk: 5%}`."""

    noun: ClassVar[str] = "safety"
    needs_more: ClassVar[str] = "a limit, such as blocked_others: 2s"

    blocked_others: Blocked | None = Field(
        None,
        description="How long a session of others may wait for a lock of the run: 2s unless said, or off.",
    )
    replication_lag: Lag | None = Field(
        None,
        description="By how much a standby may fall behind: a time (30s unless said), a size (1GB), or off.",
    )
    free_disk: FreeDisk | None = Field(
        None,
        description="How much of the server's disk must stay free: a share, a size, or off. "
        "The lesser of 5% and 5GB unless said.",
    )

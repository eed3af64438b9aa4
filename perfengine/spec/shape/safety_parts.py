"""The shape of `safety:`: what a run does to others on a server at most."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

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


def _size(text: str) -> Limit:
    return Limit(size_bytes=units.parse_size_bytes(text))


def _share(text: str) -> Limit:
    return Limit(share=float(units.parse_fraction(text)))


def _lag(text: str) -> Limit:
    return _first(text, (_size, _duration), "a duration such as 30s nor a size such as 512MB")


def _free(text: str) -> Limit:
    limit = _first(text, (_size, _share), 'a share such as "5%" nor a size such as 20GB')
    if limit.share is not None and not 0 < limit.share < 1:
        raise ValueError(f'{quoted(text)} of a disk cannot be asked to stay free: write "5%", or off')
    return limit


def _first(text: str, parses: Sequence[Callable[[str], Limit]], neither: str) -> Limit:
    """Return what the first makes of a text that can read it. Raises: ValueError where none can."""
    for parse in parses:
        with suppress(ValueError):
            return parse(text)
    raise ValueError(f"{quoted(text)} is neither {neither}")


def _written(parse: Callable[[str], Limit], what: str, *schemas: dict[str, Any]) -> Written:
    """Return the scalar type of a limit that `parse` reads, or that is switched off."""

    def read(text: str) -> Limit:
        return Limit() if text.casefold() in _OFF else parse(text)

    return Written(quantity(read, f"{what}, or off"), {"anyOf": [{"const": False}, *schemas]})


_TEXT: Final = {"type": "string", "minLength": 1}

Blocked = Annotated[Limit, _written(_duration, "a duration such as 2s", {**_TEXT, "examples": ["2s", "off"]})]
Lag = Annotated[
    Limit,
    _written(
        _lag, "a duration such as 30s, a size such as 512MB", {**_TEXT, "examples": ["30s", "512MB", "off"]}
    ),
]
FreeDisk = Annotated[
    Limit,
    _written(
        _free,
        'a share such as "5%", a size such as 20GB',
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {**_TEXT, "examples": ["5%", "20GB", "off"]},
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

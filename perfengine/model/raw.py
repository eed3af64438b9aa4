"""Attempts one by one: where they go, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """What a user asked for."""

    path: Path  #: of the file, which ends in .csv.gz
    limit_bytes: int  #: of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class RawShare:
    """What a load process is told: where it leaves its part."""

    directory: str
    limit_bytes: int  #: of its part, which is not compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class RawOutcome:
    """What became of it."""

    rows: int
    left_out: int = 0  #: attempts beyond the limit
    trouble: str = ""  #: why a part is not whole

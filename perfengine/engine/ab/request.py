"""What a user asks of a paired comparison, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.comparison.slices import SLICES_AN_ARM
from perfengine.errors import UsageError
from perfengine.model.comparison import CompareRule

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.engine.request import RunRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AbSettings:
    """How to measure, and how sure to be."""

    rule: CompareRule = field(default_factory=CompareRule)
    slices: int = SLICES_AN_ARM  #: of an arm, in a pair
    slice_ns: int | None = None  #: None: as long as carry-over demands
    time_budget_ns: int | None = None  #: for pairs; confirming a change comes on top


@dataclass(frozen=True, slots=True, kw_only=True)
class AbRequest:
    """Two arms: `run` is A, and what else is said makes B differ from it. With nothing said both are alike."""

    run: RunRequest
    dsn_b: str | None = field(default=None, repr=False)
    with_paths: tuple[Path, ...] = ()  #: documents of B
    before: Path | None = None  #: SQL of A
    after: Path | None = None  #: SQL of B
    settings: AbSettings = field(default_factory=AbSettings)

    def __post_init__(self) -> None:
        ways = {
            "--dsn-b": self.dsn_b is not None,
            "--with": bool(self.with_paths),
            "--before and --after": self.before is not None or self.after is not None,
        }
        said = [way for way, is_said in ways.items() if is_said]
        if len(said) > 1:
            raise UsageError(
                f"{' and '.join(said)}: one difference at a time, else nobody knows which of them a change came from"
            )

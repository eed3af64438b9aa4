"""What a user asks of a paired comparison, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perfengine.comparison.slices import SLICES_AN_ARM
from perfengine.errors import UsageError
from perfengine.model.comparison import CompareRule
from perfengine.pgbench.asked import AskedScripts

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
    direct_dsn_b: str | None = field(default=None, repr=False)  #: where `dsn_b` is a pooler
    with_paths: tuple[Path, ...] = ()  #: documents of B, in the place of those of A
    with_scripts: tuple[str, ...] = ()  #: pgbench scripts of B, in the place of those of A
    before: Path | None = None  #: SQL of A
    after: Path | None = None  #: SQL of B
    settings: AbSettings = field(default_factory=AbSettings)

    def __post_init__(self) -> None:
        if self.direct_dsn_b is not None and self.dsn_b is None:
            raise UsageError("--direct-dsn-b is the server behind a pooler: name that with --dsn-b")
        ways = {
            "--dsn-b": self.dsn_b is not None,
            "--with": self.has_files,
            "--before and --after": self.before is not None or self.after is not None,
        }
        said = [way for way, is_said in ways.items() if is_said]
        if len(said) > 1:
            raise UsageError(
                f"{' and '.join(said)}: one difference at a time, else nobody knows which of them a change came from"
            )

    @property
    def has_files(self) -> bool:
        """Whether files make B differ."""
        return bool(self.with_paths or self.with_scripts)

    @property
    def run_b(self) -> RunRequest:
        """What B runs: its documents, and its scripts, in the place of those of A; where it has none, those of A."""
        scripts = self.run.scripts
        if self.with_scripts:
            scripts = replace(scripts or AskedScripts(), files=self.with_scripts)
        return replace(self.run, paths=self.with_paths or self.run.paths, scripts=scripts)

"""Runs as they were written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.model.canary import Canary
    from perfengine.model.comparison import ResultSample, StoredBaseline


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run that was read back; documents of others know neither its name nor its time."""

    sample: ResultSample
    run_id: str | None = None
    started: datetime | None = None
    finished: datetime | None = None
    incomplete: str | None = None  #: why it ended early
    environment: str = ""  #: a line for people
    #: what the document says of each operation, as far as a baseline keeps it
    entries: Mapping[str, Mapping[str, Any]]
    canary: Canary | None = None  #: None: it had none, or one whose work was another
    canary_entry: Mapping[str, Any] | None = None  #: what the document says of it

    @property
    def label(self) -> str:
        """The file it comes from."""
        return self.sample.label


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFile:
    """A baseline that was read back: what is compared against, and the runs it was made of."""

    label: str
    baseline: StoredBaseline
    runs: tuple[StoredRun, ...] = ()  #: in the order of their start; none in the older formats
    environment: str = ""
    timestamp: str = ""  #: when it was made, as written

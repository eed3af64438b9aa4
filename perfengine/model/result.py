"""A run's result: what every report renders, and what the JSON holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.model.environment import Environment
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Health, Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Everything one run found. Partial when it was interrupted or failed; then `incomplete` says why."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    entities: tuple[str, ...]
    paths: tuple[str, ...]
    scenario_sha256: str
    seed: int
    data_set: str
    data_rows: Mapping[str, int]
    environment: Environment
    operations: tuple[OperationSummary, ...]
    judgements: tuple[Judgement, ...]
    health: tuple[Health, ...]
    notes: tuple[str, ...] = ()
    incomplete: str | None = (
        None  #: None, or why the run ended early: "interrupted", "the server was lost ..."
    )
    seeding_s: Mapping[str, float] | None = None  #: table to seconds

"""A run's result: what every report renders, and what the JSON holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from perfengine.model.verdict import Reason, Verdict
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.model.budget import Budget
    from perfengine.model.canary import Canary
    from perfengine.model.compared import ComparisonResult
    from perfengine.model.environment import Environment
    from perfengine.model.fingerprint import Fingerprint
    from perfengine.model.repeats import OperationRepeats, Repeat
    from perfengine.model.series import Ceiling, LatencyOverTime, Series, Watched
    from perfengine.model.stabilising import StabilisingStep
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Health, Judgement


class Ending(StrEnum):
    """How a run came to its end."""

    COMPLETE = "complete"  #: everything that was planned was done
    INTERRUPTED = "interrupted"  #: SIGINT
    TERMINATED = "terminated"  #: SIGTERM
    FAILED = "failed"  #: the database or the run failed on the way


class Standing(StrEnum):
    """What a run as a whole came to; the first that applies, in this order."""

    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    RUN_FAILED = "run failed"  #: it failed on the way, or an operation had no ok attempt
    FAIL = "FAIL"  #: a limit was violated
    UNPROVEN = "UNPROVEN"  #: no limit could be judged, or the generator spoilt one
    PASS = "PASS"  # noqa: S105 - a verdict, no password
    NO_LIMIT = "no limit"  #: nothing was asked, and every operation had an ok attempt


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
    ended: Ending = Ending.COMPLETE
    mode: Mode = Mode.BENCHMARK
    processes: int = 1
    in_process: bool = False  #: callables of the caller's own ran in the caller's process
    series: tuple[Series, ...] = ()
    latency_over_time: tuple[LatencyOverTime, ...] = ()  #: of each operation that had an ok attempt
    watched: tuple[Watched, ...] = ()
    ceiling: Ceiling | None = None
    repeats: int = 1  #: of the whole load that measured something; figures and verdicts are of all together
    stability: tuple[OperationRepeats, ...] = ()  #: how much repeats differ, by operation
    by_repeat: tuple[
        Repeat, ...
    ] = ()  #: each repeat alone, in order; of a load that was done once there are none
    stabilised: tuple[StabilisingStep, ...] = ()  #: empty: it was not asked for
    canary: Canary | None = None  #: None: it was not asked for
    budgets: tuple[Budget, ...] = ()  #: of the promises of service levels
    fingerprints: Mapping[str, Fingerprint] = field(default_factory=dict)  #: by operation
    comparison: ComparisonResult | None = None  #: with the baseline that was asked for

    @property
    def unanswered(self) -> tuple[OperationSummary, ...]:
        """The operations that were run and had no ok attempt."""
        return tuple(operation for operation in self.operations if not operation.ok)

    @property
    def unmeasured(self) -> tuple[Judgement, ...]:
        """The limits that nothing in this run measured."""
        return tuple(
            judged
            for judged in self.judgements
            if judged.observed is None and judged.reason in {Reason.NO_DATA, Reason.NOT_MEASURED}
        )

    @property
    def without_limit(self) -> tuple[OperationSummary, ...]:
        """The operations of which no limit speaks by name, alias or kind."""
        limited = {judged.operation for judged in self.judgements}
        return tuple(one for one in self.operations if one.operation.name not in limited)

    @property
    def standing(self) -> Standing:
        """What the run came to as a whole."""
        if self.ended in {Ending.INTERRUPTED, Ending.TERMINATED}:
            return Standing(self.ended)
        if self.ended is Ending.FAILED or self.unanswered or not self.operations:
            return Standing.RUN_FAILED
        return self._standing_of_limits()

    def _standing_of_limits(self) -> Standing:
        verdicts = {judgement.verdict for judgement in self.judgements}
        compared = self.comparison
        if Verdict.FAIL in verdicts or (compared and compared.fails):
            return Standing.FAIL
        if not verdicts and compared:
            return Standing.PASS if compared.is_judged else Standing.UNPROVEN
        if not verdicts:
            return Standing.NO_LIMIT
        spoilt = any(judgement.reason is Reason.GENERATOR_SATURATED for judgement in self.judgements)
        return Standing.UNPROVEN if spoilt or Verdict.PASS not in verdicts else Standing.PASS

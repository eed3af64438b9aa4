"""The comparison as JSON: every round of every arm, so that any other statistic can be had from it later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.comparison import BARE, METRICS, PGBENCH, ratio_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.comparison import Round
    from benchmarks.contests import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that the figures depend on besides the arms themselves."""

    started_at: str
    machine: Mapping[str, str | int | float]
    server: Mapping[str, str]
    versions: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str | int | float]
    statements: Mapping[str, Sequence[str]]  #: operation to SQL texts


def write_document(path: Path, circumstances: Circumstances, outcomes: Sequence[Outcome]) -> None:
    """Write the JSON file, and the directories above it."""
    document = asdict(circumstances) | {
        "contests": {outcome.contest.name: _contest(outcome) for outcome in outcomes}
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def _contest(outcome: Outcome) -> dict[str, Any]:
    rounds = outcome.rounds
    arms = list(rounds[0])
    return {
        "arms": {arm: _arm(arm, rounds) for arm in arms},
        "limits": [
            {
                "metric": holding.limit.metric.name,
                "ratio_to": holding.limit.other,
                "at_least" if holding.limit.floor else "at_most": holding.limit.bound,
                "observed": asdict(holding.ratio),
                "holds": holding.holds,
            }
            for holding in outcome.holdings
        ],
        "rounds": [{arm: asdict(figures[arm]) for arm in arms} for figures in rounds],
    }


def _arm(arm: str, rounds: Sequence[Round]) -> dict[str, Any]:
    others = [other for other in (BARE, PGBENCH) if other in rounds[0]]
    return {
        metric.name: asdict(value_of(metric, arm, rounds))
        | {"ratio_to": {other: asdict(ratio_of(metric, arm, other, rounds)) for other in others}}
        for metric in METRICS
    }

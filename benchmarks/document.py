"""The comparison as JSON: every round of every arm, so that any other statistic can be had from it later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.comparison import BARE, METRICS, PGBENCH, hold_to_limits, ratio_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.comparison import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that the figures depend on besides the arms themselves."""

    started_at: str
    machine: Mapping[str, str | int | float]
    server: Mapping[str, str]
    versions: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str | int | float]
    statements: Mapping[str, str]  #: operation to SQL text


def write_document(path: Path, circumstances: Circumstances, rounds: Mapping[str, Sequence[Round]]) -> None:
    """Write the JSON file, and the directories above it."""
    document = asdict(circumstances) | {
        "operations": {operation: _operation(figures) for operation, figures in rounds.items()}
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def _operation(rounds: Sequence[Round]) -> dict[str, Any]:
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
            for holding in hold_to_limits(rounds)
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

"""Runs of the history, and directories of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from perfengine.history.keep import keep_directory
from perfengine.history.layout import directory_name
from perfengine.model.kept_run import Figure, KeptOperation, KeptRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from perfengine.model.fingerprint import Fingerprint

STARTED = datetime(2026, 10, 1, 21, 4, tzinfo=UTC)
GROUND: Fingerprint = {"load.users": 50, "server.version_major": 18, "rows.order": 1000}


def make_kept(
    number: int,
    p95s_s: Mapping[str, float | None] | None = None,
    *,
    ground: Fingerprint = GROUND,
    scenario: str = "order",
    ended: str = "complete",
    standing: str = "PASS",
) -> KeptRun:
    """Return the run of day `number`."""
    started = STARTED + timedelta(days=number)
    run_id = f"{number:08x}"
    p95s_s = {"order_query": 0.0123} if p95s_s is None else p95s_s
    return KeptRun(
        directory=directory_name(run_id, started),
        run_id=run_id,
        scenario=scenario,
        started_at=started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        standing=standing,
        ended=ended,
        load="closed 50",
        rate_per_s=1234.5,
        p95_s=max((value for value in p95s_s.values() if value is not None), default=None),
        operations=tuple(
            KeptOperation(name=name, ground=ground, figures={} if value is None else figures_of(value))
            for name, value in p95s_s.items()
        ),
    )


def figures_of(p95_s: float) -> dict[Figure, float]:
    """Return figures that go with a p95."""
    return {
        Figure.MEAN: p95_s / 2,
        Figure.P50: p95_s / 2,
        Figure.P95: p95_s,
        Figure.P99: p95_s * 2,
        Figure.THROUGHPUT: 1 / p95_s,
        Figure.ERROR_RATE: 0.0,
    }


def make_trend(
    values_s: Sequence[float | None], grounds: Sequence[Fingerprint] | None = None
) -> list[KeptRun]:
    """Return runs of one operation, a day apart."""
    grounds = grounds or [GROUND] * len(values_s)
    return [
        make_kept(day, {"order_query": value}, ground=ground)
        for day, (value, ground) in enumerate(zip(values_s, grounds, strict=True))
    ]


def document_of(run: KeptRun) -> dict[str, Any]:
    """Return as much of a result as the history reads."""
    entries = {
        each.name: {
            **{
                {Figure.P50: "median", Figure.P999: "p999"}.get(figure, figure.value): value
                for figure, value in each.figures.items()
            },
            "fingerprint": {**each.ground, "run.started": run.started_at},
            "load": {"model": "closed", "clients": 50, "rate": None, "stages": []},
            "outcomes": {"ok": 2469, "refused": 0, "error": 0, "timeout": 0},
            "phase": each.name,
            "measured": 2.0,
        }
        for each in run.operations
    }
    return {
        "version": "1.0",
        "run_id": run.run_id,
        "started": run.started_at,
        "entities": [run.scenario],
        "standing": run.standing,
        "ended": run.ended,
        "mode": "benchmark",
        "results": {name: entry for name, entry in entries.items() if "mean" in entry},
        "failed_operations": {name: entry for name, entry in entries.items() if "mean" not in entry},
    }


def keep(results: Path, run: KeptRun, **changed: object) -> Path:
    """Put a run's directory below a results directory; `changed` replaces keys of its document."""
    data = json.dumps({**document_of(run), **changed}).encode()
    return keep_directory(results, run.directory, run.run_id, data)

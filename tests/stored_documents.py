"""Results and baselines as texts, as they lie in files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from math import exp
from typing import TYPE_CHECKING, Any

from perfengine.engine.repeating import merged
from perfengine.metrics.batches import packed
from perfengine.metrics.hdr_codec import decode, encode
from perfengine.model.canary import Canary, CanarySlice
from perfengine.model.measurement import SecondCounts
from perfengine.model.operation import Kind
from perfengine.model.repeats import Repeat
from perfengine.model.series import About, Series
from perfengine.report.canary_json import canary_entry
from perfengine.report.result_json import render_json
from perfengine.stored.repeats import read_runs
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import STARTED, count_latencies, make_operation, make_result, make_summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from perfengine.model.fingerprint import Fingerprint
    from perfengine.model.stored import StoredRun
    from perfengine.model.summary import OperationSummary

#: The baseline of the performance guide, comments included.
GUIDE_BASELINE = """\
// performance-baseline.json
{
  "version": "1.0",
  "timestamp": "2024-01-15T10:00:00Z",
  "environment": "production-like",
  "baselines": {
    "single_order_confirm": {
      "mean": 0.0234,
      "p95": 0.0321,
      "tolerance": 0.1  // 10% tolerance for changes
    },
    "bulk_order_confirm": {
      "mean": 0.4567,
      "p95": 0.5234,
      "tolerance": 0.15
    }
  }
}
"""
FINGERPRINT: Fingerprint = {
    "operation.sql": "SELECT 1",
    "load.model": "closed",
    "load.users": 10,
    "rows.order": 1000,
    "server.version_major": 18,
    "setting.work_mem": "4MB",
}


def latencies(mean_ms: float, count: int = 3000) -> list[int]:
    """Return latencies of that mean, spread by a tenth of it, in an order without a pattern."""
    return [round(mean_ms * NS_PER_MS * (0.9 + 0.2 * (n * 7919 % count) / (count - 1))) for n in range(count)]


def result_text(
    operations: Mapping[str, Sequence[int]],
    *,
    run: int = 0,
    after: timedelta = timedelta(),
    fingerprint: Fingerprint | None = None,
) -> str:
    """Return the JSON of a run of 30 s with such latencies; runs have numbers, and begin `after` the first."""
    known = FINGERPRINT if fingerprint is None else fingerprint
    result = make_result([_summary(name, values) for name, values in operations.items()])
    result = replace(
        result,
        run_id=f"run-{run}",
        started_at=STARTED + after,
        finished_at=STARTED + after + timedelta(minutes=1),
        fingerprints=dict.fromkeys(operations, known),
    )
    return render_json(result, encode).decode()


def repeated_text(*repeats: Mapping[str, Sequence[int]], run: int = 0) -> str:
    """Return the JSON of a load that was done once for each, with such latencies of its operations."""
    by_repeat = tuple(_repeat(repeat) for repeat in repeats)
    whole = merged([summary for repeat in by_repeat for summary in repeat.operations])
    result = replace(
        make_result(whole),
        run_id=f"run-{run}",
        fingerprints={one.operation.name: FINGERPRINT for one in whole},
        repeats=len(repeats),
        by_repeat=by_repeat,
    )
    return render_json(result, encode).decode()


def _repeat(operations: Mapping[str, Sequence[int]]) -> Repeat:
    summaries = tuple(_summary(name, values) for name, values in operations.items())
    return Repeat(operations=summaries, series=tuple(_series(one) for one in summaries if one.latency))


def _series(summary: OperationSummary) -> Series:
    """Return seconds of which the first has the mean of all, the second a longer one, and the others none."""
    mean_s = summary.latency.mean / NS_PER_S if summary.latency else 0.0
    return Series(
        about=About.OPERATION,
        subject=summary.operation.name,
        phase=summary.phase,
        times_s=(1, 2),
        columns={"mean_s": (mean_s, 2 * mean_s)},
    )


def _summary(name: str, values: Sequence[int]) -> Any:
    summary = make_summary(
        list(values), operation=make_operation(name, kind=Kind.SIMPLE_SELECT), measured_ns=30 * NS_PER_S
    )
    each, rest = divmod(len(values), 30)
    seconds = tuple(SecondCounts(due=each + (n < rest), ok=each + (n < rest)) for n in range(30))
    batches = tuple(packed(count_latencies(part).counts) for n in range(10) if (part := list(values[n::10])))
    return replace(summary, measurement=replace(summary.measurement, seconds=seconds, batches=batches))


def with_canary(text: str, level: float = 0.0) -> str:
    """Return the result with a canary of two slices that took so much, as a log ratio, longer than others."""
    cpu_ns = tuple(250e3 * exp(level) * (1 + number / 1000) for number in range(5))
    part = CanarySlice(measured_ns=0, cpu_ns=cpu_ns, round_trip_ns=(50e3 * exp(level),) * 5)
    document = json.loads(text)
    document["canary"] = canary_entry(Canary(slices=(part, part)))
    return json.dumps(document)


def stored_run(text: str, label: str = "a.json") -> StoredRun:
    """Return the one run of a result's text."""
    (run,) = read_runs(text, label, decode)
    return run


def figures_text(means: Mapping[str, float], **others: Any) -> str:
    """Return a result that knows nothing but means in s."""
    return json.dumps({"results": {name: {"mean": mean} for name, mean in means.items()}, **others})


def write(directory: Path, **texts: str) -> None:
    """Write each text to a file of its name."""
    for name, text in texts.items():
        (directory / f"{name}.json").write_text(text, encoding="utf-8")

"""Each repeat of a load as JSON, as if it had been a run of its own: what a comparison takes from a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.operation_json import operation_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.repeats import Repeat
    from perfengine.model.result import RunResult
    from perfengine.model.series import Series
    from perfengine.model.summary import OperationSummary
    from perfengine.report.latency_json import Encode

#: What the work was, how it was judged and why attempts failed stands once, in the result of all together.
_OWN: Final = (
    *("iterations", "mean", "median", "min", "max", "stdev", "p90", "p95", "p99", "p999"),
    *("error_rate", "availability", "throughput", "samples", "measured", "outcomes", "batches"),
)


def repeats_entry(result: RunResult, encode_histogram: Encode) -> list[dict[str, object]]:
    """Return the repeats in order, each with the operations that had an ok attempt; none of a load done once."""
    return [_repeat(repeat, encode_histogram) for repeat in result.by_repeat]


def _repeat(repeat: Repeat, encode_histogram: Encode) -> dict[str, object]:
    series = {(one.phase, one.subject): one for one in repeat.series}
    return {
        "results": {
            run.operation.name: _operation(run, series.get((run.phase, run.operation.name)), encode_histogram)
            for run in repeat.operations
            if run.latency
        }
    }


def _operation(run: OperationSummary, series: Series | None, encode_histogram: Encode) -> dict[str, object]:
    whole = operation_entry(run, (), encode_histogram)
    seconds = run.measurement.seconds
    means = _mean_by_second(series) if series else {}
    return {
        **{key: whole[key] for key in _OWN},
        "per_second": {
            "ok": [second.ok for second in seconds],
            "bad": [second.bad for second in seconds],
            "mean": [means.get(number) for number in range(1, len(seconds) + 1)],
        },
        "histograms": {"response": encode_histogram(run.measurement.response)},
    }


def _mean_by_second(series: Series) -> Mapping[int, float | None]:
    """Return the mean response time in s of each second, of which the first ends at 1."""
    means = series.columns.get("mean_s", ())
    return {int(end_s): mean_s for end_s, mean_s in zip(series.times_s, means, strict=False)}

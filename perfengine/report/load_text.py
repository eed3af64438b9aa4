"""The lines of an operation's block that say how it was loaded: rate or clients, connections, mix and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.load import OpenLoad
from perfengine.report.load_words import clients_text, duration_text, level_text, think_text
from perfengine.report.measures import PER_SECOND, SECONDS, value_text
from perfengine.report.signs import folded
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.load import ClosedLoad
    from perfengine.model.summary import OperationSummary, StageSummary


def load_lines(operation: OperationSummary, whole_weight: float) -> Iterator[str]:
    """Yield how the operation was loaded; `whole_weight` is that of all operations of its phase."""
    if isinstance(operation.load, OpenLoad):
        yield from folded(_rate_line(operation, operation.load))
    else:
        yield from folded(_concurrency_line(operation, operation.load))
    if shares_connections(operation):
        yield f"Connections: {operation.connections}, shared by {clients_text(operation.concurrency)}"
    if in_mix(operation):
        yield f"Mix: weight {operation.weight:g} of {whole_weight:g}"
    if operation.stages:
        yield "Stages:"
        yield from _stage_lines(operation)


def shares_connections(operation: OperationSummary) -> bool:
    """Return whether clients took turns on fewer connections."""
    return 0 < operation.connections < operation.concurrency


def in_mix(operation: OperationSummary) -> bool:
    """Return whether the operation was loaded together with others, in a phase that has a name of its own."""
    return operation.phase not in {"", operation.operation.name}


def _rate_line(operation: OperationSummary, load: OpenLoad) -> str:
    asked = _asked(load) + (" of the mix" if in_mix(operation) else "")
    measured_ns = operation.measurement.measured_ns
    done = operation.attempts * NS_PER_S / measured_ns if measured_ns else 0.0
    most = f", at most {load.max_in_flight} in flight" if load.max_in_flight is not None else ""
    return (
        f"Rate: {asked}, {value_text(done, PER_SECOND)} done"
        f" (open model, {load.arrival}), {clients_text(load.clients)}{most}"
    )


def _asked(load: OpenLoad) -> str:
    if load.stages:
        highest = max(stage.target for stage in load.stages)
        return f"up to {value_text(highest, PER_SECOND)} asked in {_count_text(len(load.stages))}"
    return f"{value_text(load.rate_per_s, PER_SECOND)} asked"


def _concurrency_line(operation: OperationSummary, load: ClosedLoad) -> str:
    up_to = "up to " if load.stages else ""
    shape = [
        "closed model",
        f"think {think_text(load.think)}" if load.think else "",
        _count_text(len(load.stages)) if load.stages else "",
    ]
    return f"Concurrency: {up_to}{operation.concurrency} ({', '.join(filter(None, shape))})"


def _count_text(stages: int) -> str:
    return f"{stages} stage{'' if stages == 1 else 's'}"


def _stage_lines(operation: OperationSummary) -> Iterator[str]:
    """Yield a small table; columns that would say nothing are left out."""
    head = ("time", "asked" if isinstance(operation.load, OpenLoad) else "users")
    rows: list[tuple[str, ...]] = [(*head, "ok", "bad", "dropped", "done", "p50", "p99")]
    rows += [_stage_row(stage, operation) for stage in operation.stages]
    columns = [column for column in zip(*rows, strict=True) if set(column[1:]) != {"0"} or column[0] == "ok"]
    yield from _aligned(list(zip(*columns, strict=True)))


def _stage_row(stage: StageSummary, operation: OperationSummary) -> tuple[str, ...]:
    target, steady = level_text(stage.target, operation.load), stage.begin_level == stage.target
    return (
        duration_text(stage.duration_ns),
        target if steady else f"{stage.begin_level:g} to {target}",
        str(stage.ok),
        str(stage.bad),
        str(stage.dropped),
        value_text(stage.throughput_per_s, PER_SECOND),
        *(_percentile_cell(stage, percentile) for percentile in (50.0, 99.0)),
    )


def _percentile_cell(stage: StageSummary, percentile: float) -> str:
    return value_text(stage.latency.percentiles[percentile], SECONDS) if stage.latency else "-"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))

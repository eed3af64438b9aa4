"""One operation of a stored result: everything that a report shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from perfengine.model.measurement import GeneratorState, Measurement, ProcessCost, SecondCounts
from perfengine.model.operation import Expectation, Group, Kind, Operation, Success
from perfengine.model.outcome import Failure, Outcome
from perfengine.model.summary import OperationSummary, RowCounts
from perfengine.stored.whole.latency import histogram_of, latency_of, part_of
from perfengine.stored.whole.load import load_of, stage_of
from perfengine.stored.whole.numbers import whole_ns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.measurement import LatencyCounts
    from perfengine.model.summary import LatencySummary
    from perfengine.stored.entry import Entry
    from perfengine.stored.operation import Decode

#: By their names in a document.
_PERCENTILES: Final = {f"p{percentile:g}": percentile for percentile in (50.0, 90.0, 95.0, 99.0, 99.9)}


def summary_of(entry: Entry, decode: Decode) -> OperationSummary:
    """Return an operation as it was summed up. Raises: SpecError for what cannot be read."""
    outcomes, generator = entry.entry("outcomes"), entry.entry("generator")
    duration_s = entry.number_or_none("requested_duration")
    ok, rates = outcomes.count("ok"), _rates(entry, outcomes)
    return OperationSummary(
        operation=_operation(entry),
        concurrency=entry.count("concurrency"),
        requested_iterations=entry.count_or_none("requested_iterations"),
        requested_duration_ns=None if duration_s is None else whole_ns(duration_s),
        measurement=_measurement(entry, decode),
        latency=latency_of(entry, ok) if ok else None,
        ok=ok,
        refused=outcomes.count("refused"),
        error=outcomes.count("error"),
        timeout=outcomes.count("timeout"),
        starved=outcomes.count("starved"),
        throughput_per_s=rates.throughput_per_s,
        error_rate=rates.error_rate,
        availability=rates.availability,
        generator_share=generator.number("share"),
        generator_delay_ns=dict(_delays(generator.entry("delay"))),
        saturated=generator.flag("saturated"),
        cut_short=entry.text_or_none("cut_short"),
        rows=_rows(entry.entry_or_none("rows")),
        load=load_of(entry.entry("load")),
        phase=entry.text("phase"),
        weight=entry.number("weight"),
        connections=entry.count("connections"),
        lateness=part_of(entry.entry_or_none("lateness")),
        pool_wait=part_of(entry.entry_or_none("pool_wait")),
        service=part_of(entry.entry_or_none("service")),
        stages=tuple(stage_of(stage) for stage in entry.entries("stages")),
    )


def _operation(entry: Entry) -> Operation:
    """Return what is said of the operation; its SQL is the text of all its statements."""
    return Operation(
        name=entry.text("test_name"),
        entity=entry.text("entity"),
        group=entry.word("group", Group),
        kind=entry.word("kind", Kind),
        sql=entry.text("sql"),
        parameters=(),
        expectation=Expectation(success=Success.ANY),
        default_iterations=0,
        aliases=entry.texts("aliases"),
        rule=entry.text_or_none("rule"),
    )


class _Rates(NamedTuple):
    throughput_per_s: float
    error_rate: float | None
    availability: float | None


def _rates(entry: Entry, outcomes: Entry) -> _Rates:
    """Return the rates; an operation without an ok attempt has them in its counts alone."""
    if outcomes.count("ok"):
        return _Rates(
            entry.number("throughput"),
            entry.number_or_none("error_rate"),
            entry.number_or_none("availability"),
        )
    tried = entry.count("iterations") - outcomes.count("starved")
    wanted = outcomes.count("due") - outcomes.count("starved") - outcomes.count("unfinished")
    bad = sum(outcomes.count(name) for name in ("refused", "error", "timeout"))
    return _Rates(0.0, bad / tried if tried > 0 else None, 0.0 if wanted > 0 else None)


def _measurement(entry: Entry, decode: Decode) -> Measurement:
    outcomes, retries, warmup = (entry.entry(name) for name in ("outcomes", "retries", "warmup"))
    by_state, ok = retries.entry("by_sqlstate"), outcomes.count("ok")
    processes = entry.entry("generator").entries("processes")

    def histogram(name: str, figures: LatencySummary | None) -> LatencyCounts:
        return histogram_of(entry.entry_or_none("histograms"), name, decode, figures)

    return Measurement(
        operation=entry.text("test_name"),
        attempts=entry.count("iterations"),
        starved=outcomes.count("starved"),
        unfinished=outcomes.count("unfinished"),
        dropped=outcomes.count("dropped"),
        failures=_failures(entry),
        retried=retries.count("retried_ok"),
        retries={state: by_state.count(state) for state in by_state.values},
        records_processed=entry.count("records_processed"),
        response=histogram("response", latency_of(entry, ok) if ok else None),
        lateness=histogram("lateness", part_of(entry.entry_or_none("lateness"))),
        pool_wait=histogram("pool_wait", part_of(entry.entry_or_none("pool_wait"))),
        service=histogram("service", part_of(entry.entry_or_none("service"))),
        failed_response=histogram("failed_response", None),
        seconds=tuple(_seconds(entry.entry("per_second"))),
        measured_ns=whole_ns(entry.number("measured")),
        warmup_attempts=warmup.count("attempts"),
        warmup_failures=warmup.count("failures"),
        rounds=entry.count("rounds"),
        clients=entry.count("concurrency"),
        generator=GeneratorState(processes=tuple(map(_cost, processes))),
    )


def _failures(entry: Entry) -> Mapping[Failure, int]:
    """Return the failures with their counts; those that differ in nothing the document tells are one."""
    found: dict[Failure, int] = {}
    for item in entry.entries("failures"):
        name = item.text("outcome").upper()
        if name not in Outcome.__members__:
            raise item.wrong(
                "outcome", f'"{name.lower()}" is not known here', tuple(map(str.lower, Outcome.__members__))
            )
        failure = Failure(
            outcome=Outcome[name],
            sqlstate=item.text_or_none("sqlstate"),
            error_class=item.text("error_class"),
            message=item.text("message"),
        )
        found[failure] = found.get(failure, 0) + item.count("count")
    return found


def _seconds(columns: Entry) -> Iterator[SecondCounts]:
    names = ("due", "ok", "bad", "dropped")
    for row in zip(*(columns.list(name) for name in names), strict=False):
        if not all(type(value) is int and value >= 0 for value in row):
            raise columns.wrong("ok", "is no list of counts")
        yield SecondCounts(**dict(zip(names, row, strict=True)))


def _delays(entry: Entry) -> Iterator[tuple[float, int]]:
    """Yield the percentiles of the generator's delay."""
    for name in entry.values:
        percentile = _PERCENTILES.get(name)
        if percentile is None:
            raise entry.wrong(name, "is no percentile", tuple(_PERCENTILES))
        yield percentile, whole_ns(entry.number(name))


def _cost(entry: Entry) -> ProcessCost:
    return ProcessCost(
        wall_ns=whole_ns(entry.number("wall")),
        cpu_ns=whole_ns(entry.number("cpu")),
        run_queue_ns=whole_ns(entry.number("run_queue")),
    )


def _rows(entry: Entry | None) -> RowCounts | None:
    if entry is None:
        return None
    return RowCounts(
        at_start=entry.count("at_start"),
        expected=entry.count_or_none("expected"),
        found=entry.count_or_none("found"),
        unexpected=entry.count("unexpected"),
        in_doubt=entry.count("in_doubt"),
    )

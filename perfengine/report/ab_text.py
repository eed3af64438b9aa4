"""A paired comparison as text: a sentence that anybody understands, then a table that an engineer trusts."""

from __future__ import annotations

from math import expm1
from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer, Presence
from perfengine.model.requirement import Metric
from perfengine.report.ab_words import percent, sentences, signed
from perfengine.report.measures import SECONDS, unit_of, value_text
from perfengine.report.signs import folded, for_stream, plain
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.ab import AbArm, AbResult, AbUnit
    from perfengine.model.comparison import MetricComparison, OperationComparison

_HEADER: Final = ("", "A", "B", "change", "interval", "verdict")


def render_ab_text(result: AbResult, *, unicode: bool = True) -> str:
    """Return the report, ending in a newline; without `unicode` it is pure ASCII."""
    sections = [
        *_incomplete(result),
        [line for sentence in sentences(result) for line in folded(sentence)],
        [_arm_line(arm) for arm in result.arms],
        *(_operation(one, result) for one in result.operations),
        *_notes(result),
        _legend(result),
    ]
    text = "\n\n".join("\n".join(section) for section in sections if section) + "\n"
    return for_stream(text, unicode=unicode)


def _incomplete(result: AbResult) -> Iterator[list[str]]:
    if result.incomplete:
        why = f"Incomplete: {plain(result.incomplete)}. What follows is what was measured until then."
        yield folded(why)


def _arm_line(arm: AbArm) -> str:
    where = f", on {plain(arm.server)}, PostgreSQL {plain(arm.version)}" if arm.server else ""
    return f"{arm.letter}: {plain(arm.label)}{where}"


def _operation(operation: OperationComparison, result: AbResult) -> list[str]:
    name = plain(operation.name)
    if operation.presence is not Presence.BOTH:
        return [f"{name}: in {'A' if operation.presence is Presence.MISSING else 'B'} only"]
    differing = [
        f"  {plain(one.name)}: {plain(str(one.before))} in A, {plain(str(one.after))} in B"
        for one in operation.differences
    ]
    rows = [row for row in operation.metrics if row.answer is not Answer.NOT_COMPARABLE]
    if not rows:
        return [f"{name}: {Answer.NOT_COMPARABLE.value}", *differing]
    unit = next((unit for unit in result.units if unit.name == operation.name), None)
    lines = [f"{name}{': ' + _measured(unit) if unit else ''}", *_table(rows, result.rule.confidence)]
    return [*lines, *(line for row in rows for line in _remarks(row))]


def _measured(unit: AbUnit) -> str:
    fresh = sum(pair.is_fresh for pair in unit.pairs)
    confirming = f", {fresh} of them to confirm" if fresh else ""
    pairs = f"{len(unit.pairs)} pair{'' if len(unit.pairs) == 1 else 's'}{confirming}"
    slices = f"{unit.slices} slices of {unit.slice_ns / NS_PER_S:.3g} s an arm"
    return f"{pairs}, of {slices}, in {unit.took_s:.0f} s"


def _table(rows: Sequence[MetricComparison], confidence: float) -> Iterator[str]:
    header = tuple(f"{confidence:.0%} interval" if word == "interval" else word for word in _HEADER)
    cells = [header, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(header))]
    for line in cells:
        first, *middle, last = (
            text.ljust(width) if place in {0, len(header) - 1} else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join((first, *middle, last)).rstrip()


def _cells(row: MetricComparison) -> tuple[str, ...]:
    effect = row.effect
    interval = f"{signed(effect.change_lower)} .. {signed(effect.change_upper)}" if effect else "-"
    return (
        f"{'*' if row.is_gating else ' '} {_name(row.metric)}",
        _value(row.before, row.metric),
        _value(row.after, row.metric),
        signed(effect.change) if effect else "-",
        interval,
        _verdict(row),
    )


def _name(metric: Metric) -> str:
    return {Metric.THROUGHPUT: "throughput", Metric.ERROR_RATE: "error rate"}.get(metric, metric.value)


def _value(value: float | None, metric: Metric) -> str:
    """Return a latency in milliseconds to four digits: here changes of a percent matter, and they must show."""
    if value is None:
        return "-"
    unit = unit_of(metric)
    return f"{value / NS_PER_MS:#.4g} ms" if unit is SECONDS else value_text(value, unit)


def _verdict(row: MetricComparison) -> str:
    if row.answer is Answer.CHANGE and row.direction is not None:
        return f"{row.answer.value} {row.direction.value}"
    if row.answer is Answer.SAME and row.is_small and row.direction is not None:
        return f"{row.answer.value}, slightly {row.direction.value}"
    return row.answer.value


def _remarks(row: MetricComparison) -> Iterator[str]:
    """Yield why a row is open and what it would take, and what stands beside its verdict."""
    parts = [row.reason] if row.reason else []
    if row.answer is Answer.INCONCLUSIVE and row.smallest is not None:
        parts.append(f"a change of {percent(row.smallest)} would have shown")
    if row.needed:
        parts.append(f"some {row.needed} more pairs would tell")
    parts += row.notes
    if parts:
        yield from folded(f"  {_name(row.metric)}: {plain('; '.join(parts))}", "    ")


def _notes(result: AbResult) -> Iterator[list[str]]:
    if result.notes:
        yield ["Notes:", *(line for note in result.notes for line in folded(f"- {plain(note)}", "  "))]


def _legend(result: AbResult) -> list[str]:
    matters = percent(expm1(result.rule.practical))
    return [f"* decides the exit code. A change that matters: {matters} or more. Seed {result.seed}."]

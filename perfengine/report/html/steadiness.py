"""Whether the run can be repeated, and what the budgets of its promises came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.html.formats import NOTHING, clock, plain, scale_for, whole, with_unit
from perfengine.report.html.parts import Table
from perfengine.report.html.read import count, entries, mapping, number, numbers, text

if TYPE_CHECKING:
    from perfengine.report.html.read import Entry


def repeats_table(document: Entry) -> Table | None:
    """Return how much repeats differ, None of a load that was done once."""
    stability = mapping(document.get("stability"))
    if count(stability.get("repeats")) < 2:
        return None
    rows = [_repeats(item) for item in entries(stability.get("operations"))]
    head = ("operation", "verdict", "variation", "at 95 % between", "limit", "means", "outliers")
    return Table(head=head, rows=tuple(rows), is_text=True) if rows else None


def _repeats(item: Entry) -> tuple[str, ...]:
    between, means = mapping(item.get("between")), numbers(item.get("means"))
    scale = scale_for("s", means)
    low, high = (with_unit(number(between.get(f"variation_{end}")), "fraction") for end in ("lower", "upper"))
    outliers = (
        f"{count(one.get('repeat'))} ({text(one.get('label'))})" for one in entries(item.get("outliers"))
    )
    return (
        text(item.get("operation")),
        text(between.get("verdict")) or NOTHING,
        with_unit(number(between.get("variation")), "fraction"),
        f"{low} and {high}",
        with_unit(number(between.get("limit")), "fraction"),
        f"{', '.join(plain(mean, scale) for mean in means)} {scale.unit}",
        ", ".join(outliers) or "none",
    )


def steady_table(document: Entry) -> Table | None:
    """Return whether each operation came to rest, None where nobody looked."""
    rows = []
    for item in entries(mapping(document.get("stability")).get("operations")):
        for place, state in enumerate(entries(item.get("steady")), start=1):
            drift = number(state.get("drift"))
            rows.append(
                (
                    text(item.get("operation")),
                    str(place),
                    text(state.get("steadiness")) or NOTHING,
                    f"{count(state.get('cut_s'))} s",
                    NOTHING if drift is None else with_unit(drift, "fraction"),
                    text(state.get("detail")),
                )
            )
    head = ("operation", "repeat", "measured time", "settling", "drift", "detail")
    return Table(head=head, rows=tuple(rows), is_text=True) if rows else None


def stabilised_table(document: Entry) -> Table | None:
    """Return what was done before the load to make it repeatable, None where it was not asked for."""
    rows = tuple(
        (
            str(count(step.get("repeat"))),
            text(step.get("step")),
            "done" if step.get("done") else "not done",
            with_unit(number(step.get("took")), "s"),
            text(step.get("detail")),
        )
        for step in entries(mapping(document.get("stability")).get("stabilised"))
    )
    return (
        Table(head=("before repeat", "step", "state", "took", "detail"), rows=rows, is_text=True)
        if rows
        else None
    )


def budgets_table(document: Entry) -> Table | None:
    """Return what each promise of a service level allowed and what was spent of it, None without promises."""
    rows = tuple(_budget(item) for item in entries(document.get("budgets")))
    head = ("operation", "promise", "allowed", "spent", "left", "burn rate", "worst minute from", "spent at")
    return Table(head=head, rows=rows, is_text=True) if rows else None


def _budget(item: Entry) -> tuple[str, ...]:
    worst = mapping(item.get("worst_minute"))
    begin, burn = number(worst.get("second")), number(worst.get("burn_rate"))
    breach = number(item.get("first_breach"))
    return (
        text(item.get("operation")),
        f"{text(item.get('promise')).replace('_', ' ')} ({text(item.get('tier'))})",
        plain(number(item.get("allowed"))),
        whole(number(item.get("spent"))),
        plain(number(item.get("left"))),
        plain(number(item.get("burn_rate"))),
        NOTHING if begin is None or not burn else f"{clock(begin)} ({plain(burn)})",
        "within" if breach is None else clock(breach),
    )


def canary_table(document: Entry) -> Table | None:
    """Return the slices of the canary: work that never changes, timed while nothing was measured."""
    rows = []
    for item in entries(mapping(document.get("canary")).get("slices")):
        columns = [
            sorted(value for value in numbers(item.get(key)) if value) for key in ("cpu", "round_trip")
        ]
        middles = [found[len(found) // 2] if found else None for found in columns]
        rows.append(
            (clock(number(item.get("measured")) or 0.0), *(with_unit(middle, "s") for middle in middles))
        )
    head = ("after", "processor work, median", "round trip, median")
    return Table(head=head, rows=tuple(rows)) if rows else None

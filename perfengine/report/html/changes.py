"""The comparison with the baseline: every metric with its bounds, and the picture of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import NOTHING, signed_percent, with_unit
from perfengine.report.html.read import entries, mapping, number, text, texts
from perfengine.report.html.verdicts import metric_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.report.html.read import Entry

#: Changes beyond this are cut off in the picture, as shares of the baseline.
_WIDEST: Final = 2.0
_NARROWEST: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """A change with its bounds as places on a line of 0 to 100; 50 is no change."""

    low: float
    at: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A metric in A and in B."""

    operation: str
    metric: str
    verdict: str
    tone: str  #: "worse", "better", "same" or "open"
    before: str
    after: str
    change: str
    bounds: str
    note: str
    whisker: Whisker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the page says of a comparison."""

    before: str
    after: str
    fails: bool
    reach: str  #: what the ends of the picture stand for
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def comparison_of(document: Entry, given: Entry | None = None) -> Comparison | None:
    """Return the comparison that was given, or that the result holds; None without any."""
    compared = mapping(given) or mapping(document.get("comparison"))
    if not compared:
        return None
    reach = _reach(compared)
    return Comparison(
        before=", ".join(texts(compared.get("before"))) or NOTHING,
        after=", ".join(texts(compared.get("after"))) or NOTHING,
        fails=compared.get("fails") is True,
        reach=signed_percent(reach).removeprefix("+"),
        changes=tuple(_changes(compared, reach)),
        notes=(*_presences(compared), *texts(compared.get("notes"))),
    )


def _metrics(compared: Entry) -> Iterator[tuple[str, str, Entry]]:
    for name, operation in mapping(compared.get("operations")).items():
        for metric, entry in mapping(mapping(operation).get("metrics")).items():
            yield str(name), str(metric), mapping(entry)


def _reach(compared: Entry) -> float:
    bounds = [
        abs(value)
        for _, _, entry in _metrics(compared)
        for key in ("change", "lower", "upper")
        if (value := number(entry.get(key))) is not None
    ]
    return min(max(bounds, default=_NARROWEST), _WIDEST) or _NARROWEST


def _changes(compared: Entry, reach: float) -> Iterator[Change]:
    for operation, metric, entry in _metrics(compared):
        lower, upper, unit = number(entry.get("lower")), number(entry.get("upper")), text(entry.get("unit"))
        verdict = text(entry.get("verdict"))
        yield Change(
            operation=operation,
            metric=metric_words(metric),
            verdict=verdict,
            tone=_tone(entry, verdict),
            before=with_unit(number(entry.get("before")), unit),
            after=with_unit(number(entry.get("after")), unit),
            change=signed_percent(number(entry.get("change"))),
            bounds=NOTHING if lower is None and upper is None else f"{_bound(lower)} to {_bound(upper)}",
            note="; ".join(part for part in _remarks(entry) if part),
            whisker=_whisker(entry, reach),
        )


def _remarks(entry: Entry) -> Iterator[str]:
    if entry.get("fails") is True and entry.get("unconfirmed") is True:
        yield "beyond the tolerance, unconfirmed"
    yield text(entry.get("reason"))
    yield from texts(entry.get("notes"))


def _bound(value: float | None) -> str:
    return "any" if value is None else signed_percent(value)


def _tone(entry: Entry, verdict: str) -> str:
    if entry.get("fails") is True:
        return "worse"
    if verdict == "CHANGE":
        return "worse" if entry.get("direction") == "worse" else "better"
    return "same" if verdict == "SAME" else "open"


def _whisker(entry: Entry, reach: float) -> Whisker | None:
    at = number(entry.get("change"))
    if at is None:
        return None
    low, high = number(entry.get("lower")), number(entry.get("upper"))

    def place(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / reach)), 1)

    return Whisker(
        low=0.0 if low is None else place(low), at=place(at), high=100.0 if high is None else place(high)
    )


def _presences(compared: Entry) -> Iterator[str]:
    for name, operation in mapping(compared.get("operations")).items():
        entry = mapping(operation)
        if entry.get("presence") == "missing":
            yield f"{name}: measured in the baseline, and no more"
        if entry.get("presence") == "new":
            yield f"{name}: new, the baseline does not know it"
        for difference in entries(entry.get("differences")):
            if difference.get("class") != "info":
                yield (
                    f"{name}: {difference.get('field')} was {difference.get('before')}, "
                    f"is {difference.get('after')} ({difference.get('class')})"
                )

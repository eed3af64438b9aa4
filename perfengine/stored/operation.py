"""One operation of a stored run: what was counted, and under which conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from perfengine.model.comparison import BatchSample, OperationSample, SecondSample
from perfengine.stored.entry import is_figure
from perfengine.stored.page import BEYOND_COUNT
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfengine.model.fingerprint import Fingerprint
    from perfengine.stored.page import Page, Path

    Decode = Callable[[str], Mapping[int, int]]

#: What a baseline keeps of an operation's entry.
KEPT_FIGURES: Final = ("mean", "median", "min", "max", "stdev", "p90", "p95", "p99", "p999")
KEPT: Final = ("samples", "measured", "outcomes", "requirements", "fingerprint", "per_second", "batches")
_QUANTILES: Final = {"median": 0.5, "p95": 0.95, "p99": 0.99}
_BAD: Final = ("refused", "error", "timeout")


def read_operation(
    page: Page, path: Path, entry: Mapping[str, Any], decode: Decode, seconds: Sequence[float | None] = ()
) -> OperationSample:
    """Return the sample of an entry; without a histogram it holds a mean and nothing that could be counted.

    `seconds` are the means of its seconds in s, None where nothing was ok. What is wrong is noted on the page.
    """
    name = str(path[-1])
    mean_s = page.positive((*path, "mean"), figure_of(entry, "mean"), "mean")
    mean_ns = (mean_s or 1.0) * NS_PER_S
    histograms = page.mapping((*path, "histograms"), entry.get("histograms") or {})
    text = histograms.get("response")
    if text is None:
        return _figures_only(page, path, entry, mean_ns)
    response = _decoded(page, (*path, "histograms", "response"), text, decode)
    ok = page.count((*path, "samples"), entry.get("samples")) or 0
    if response and sum(response.values()) != ok:
        page.complain((*path, "samples"), f"{ok}, and the histogram holds {sum(response.values())} attempts")
    outcomes = page.mapping((*path, "outcomes"), entry.get("outcomes"))
    bad = sum(page.count((*path, "outcomes", key), outcomes.get(key, 0)) or 0 for key in _BAD)
    measured_s = page.positive((*path, "measured"), entry.get("measured"), "measured time") or 1.0
    return OperationSample(
        name=name,
        response=response,
        mean_ns=mean_ns,
        ok=ok,
        bad=bad,
        due=page.count((*path, "outcomes", "due"), outcomes.get("due", ok + bad)) or 0,
        measured_ns=round(measured_s * NS_PER_S),
        seconds=tuple(_seconds(page, path, entry, seconds))[: int(measured_s)],
        batches=tuple(_batches(page, path, entry)),
        fingerprint=_fingerprint(page, path, entry),
    )


def figure_of(entry: Mapping[str, Any], name: str) -> object:
    """Return a figure of an entry, which stands flat or under `metrics`; None where there is none."""
    metrics = entry.get("metrics")
    return entry.get(name, metrics.get(name) if isinstance(metrics, dict) else None)


def _figures_only(page: Page, path: Path, entry: Mapping[str, Any], mean_ns: float) -> OperationSample:
    attempts = page.count((*path, "iterations"), entry.get("iterations", 1)) or 1
    return OperationSample(
        name=str(path[-1]),
        response={},
        mean_ns=mean_ns,
        ok=attempts,
        bad=0,
        due=attempts,
        measured_ns=max(round(attempts * mean_ns), 1),
    )


def _decoded(page: Page, path: Path, text: object, decode: Decode) -> Mapping[int, int]:
    try:
        if isinstance(text, str) and (counts := decode(text)):
            return counts
        page.complain(path, "is no histogram with anything in it")
    except ValueError as error:
        page.complain(path, f"is no histogram that can be read: {error}")
    return {}


def _seconds(
    page: Page, path: Path, entry: Mapping[str, Any], means_s: Sequence[float | None]
) -> Iterator[SecondSample]:
    columns = page.mapping((*path, "per_second"), entry.get("per_second") or {})
    ok, bad = (_counts(page, (*path, "per_second", key), columns.get(key)) for key in ("ok", "bad"))
    if len(ok) != len(bad):
        page.complain((*path, "per_second"), f"{len(ok)} seconds of ok, and {len(bad)} of bad")
    own = columns.get("mean")
    means = _means(page, (*path, "per_second", "mean"), own) if own else means_s
    for number, (good, failed) in enumerate(zip(ok, bad, strict=False)):
        mean_s = means[number] if number < len(means) and good else None
        yield SecondSample(ok=good, bad=failed, mean_ns=mean_s * NS_PER_S if mean_s else None)


def _batches(page: Page, path: Path, entry: Mapping[str, Any]) -> Iterator[BatchSample]:
    place = (*path, "batches")
    columns = page.mapping(place, entry.get("batches") or {})
    ok, *up_to = (_counts(page, (*place, key), columns.get(key)) for key in ("ok", *_QUANTILES))
    if any(len(column) != len(ok) for column in up_to):
        page.complain(
            place, f"{len(ok)} batches of ok, and {', '.join(str(len(each)) for each in up_to)} of others"
        )
        return
    for total, *parts in zip(ok, *up_to, strict=True):
        if max(parts) > total or not total:
            page.complain(place, f"a batch of {total} attempts, {max(parts)} of them up to a percentile")
            return
        yield BatchSample(ok=total, up_to=dict(zip(_QUANTILES.values(), parts, strict=True)))


def _means(page: Page, path: Path, values: object) -> Sequence[float | None]:
    if isinstance(values, list) and all(
        value is None or (is_figure(value) and value >= 0) for value in values
    ):
        return values
    page.complain(path, "is no list of means")
    return ()


def _counts(page: Page, path: Path, values: object) -> Sequence[int]:
    if values is None:
        return ()
    if isinstance(values, list) and all(type(value) is int and 0 <= value < BEYOND_COUNT for value in values):
        return values
    page.complain(path, "is no list of counts")
    return ()


def _fingerprint(page: Page, path: Path, entry: Mapping[str, Any]) -> Fingerprint:
    """Return the fingerprint; of a result that has none yet, what its other keys say of the work."""
    found = entry.get("fingerprint")
    if found is None:
        known = {"operation.sql": entry.get("sql"), "load.model": entry.get("load_model")}
        return {name: value for name, value in known.items() if isinstance(value, str) and value}
    fields = page.mapping((*path, "fingerprint"), found)
    for name, value in fields.items():
        if not (isinstance(value, str | bool | None) or is_figure(value)):
            page.complain((*path, "fingerprint", name), "is no text, number or boolean")
    return dict(fields)

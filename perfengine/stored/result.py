"""A result's JSON to the run it speaks of: our own with all that was counted, and older ones with figures alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.comparison import ResultSample
from perfengine.model.stored import StoredRun
from perfengine.stored.canary import read_canary
from perfengine.stored.entry import is_figure
from perfengine.stored.instants import NO_INSTANT, instant_of
from perfengine.stored.operation import KEPT, KEPT_FIGURES, figure_of, read_operation
from perfengine.stored.page import BEYOND_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from perfengine.stored.operation import Decode
    from perfengine.stored.page import Page, Path

_SECONDS_WORD: Final = "s"
#: Latencies from here to `BEYOND_S` are read: what else a baseline held, nobody could compare with.
_LEAST_S: Final = 5e-324
_MAY_BE_ZERO: Final = frozenset({"min", "max", "stdev"})


def check_units(page: Page) -> None:
    """Note times that are not in seconds: a document that names no units means them."""
    units = page.mapping(("units",), page.root.get("units") or {})
    for key in ("mean", "p95", "measured"):
        if units.get(key, _SECONDS_WORD) != _SECONDS_WORD:
            page.complain(("units", key), f'"{units[key]}", and times are read in seconds', (_SECONDS_WORD,))


def run_of(page: Page, path: Path, document: Mapping[str, Any], label: str, decode: Decode) -> StoredRun:
    """Return the run that `document`, at `path` of the page, speaks of; what is wrong is noted on the page."""
    entries = page.mapping((*path, "results"), document.get("results"))
    means = _means_by_operation(document.get("series"))
    samples, kept = [], {}
    for name, value in entries.items():
        place = (*path, "results", name)
        entry = page.mapping(place, value)
        samples.append(read_operation(page, place, entry, decode, means.get(name, ())))
        kept[name] = _kept(page, place, entry, means.get(name))
    run_id, canary = document.get("run_id"), document.get("canary")
    return StoredRun(
        sample=ResultSample(label=label, operations=tuple(samples)),
        run_id=run_id if isinstance(run_id, str) else None,
        started=_instant(page, path, document, "started", "timestamp"),
        finished=_instant(page, path, document, "finished"),
        incomplete=_text(document.get("incomplete")) or None,
        environment=environment_line(document.get("environment")),
        entries=kept,
        canary=read_canary(page, (*path, "canary"), canary),
        canary_entry=canary if isinstance(canary, dict) else None,
    )


def environment_line(environment: object) -> str:
    """Return an environment as a line: of an object, server, target and machine."""
    if not isinstance(environment, dict):
        return _text(environment)
    embedded = " (embedded)" if environment.get("embedded") is True else ""
    parts = (
        f"PostgreSQL {environment.get('server_version', '?')}{embedded}",
        f"{environment.get('system', '?')}, {environment.get('cpus', '?')} processors",
        f"perfengine {environment.get('perfengine', '?')}",
    )
    return "; ".join(parts)


def with_session(run: StoredRun, session: str) -> StoredRun:
    """Return the run as one of a session."""
    return replace(run, sample=replace(run.sample, session=session))


def _kept(
    page: Page, path: Path, entry: Mapping[str, Any], means_s: Sequence[float | None] | None
) -> Mapping[str, Any]:
    kept: dict[str, Any] = dict(_figures(page, path, entry))
    kept |= {key: entry[key] for key in KEPT if key in entry}
    histograms, seconds = entry.get("histograms"), entry.get("per_second")
    if isinstance(histograms, dict) and "response" in histograms:
        kept["histograms"] = {"response": histograms["response"]}
    if isinstance(seconds, dict):
        columns = {key: seconds[key] for key in ("ok", "bad", "mean") if key in seconds}
        kept["per_second"] = {**columns, **({"mean": list(means_s)} if means_s else {})}
    return kept


def _figures(page: Page, path: Path, entry: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the figures, wherever in the entry they stand; what is none is noted on the page."""
    for name in KEPT_FIGURES:
        value, least = figure_of(entry, name), 0.0 if name in _MAY_BE_ZERO else _LEAST_S
        if is_figure(value) and least <= value < BEYOND_S:
            yield name, value
        elif value is not None and name != "mean":  # of a mean it is said elsewhere
            page.complain((*path, name), "is no latency of a run: a number of seconds")


def _means_by_operation(series: object) -> Mapping[str, Sequence[float | None]]:
    """Return the mean of each second of each operation, where the series of the result have it."""
    found: dict[str, Sequence[float | None]] = {}
    for item in series if isinstance(series, list) else ():
        columns = item.get("columns") if isinstance(item, dict) else None
        if not isinstance(columns, dict) or item.get("about") != "operation":
            continue
        means, times = columns.get("mean_s"), item.get("times")
        if isinstance(means, list) and isinstance(times, list) and isinstance(item.get("subject"), str):
            found[item["subject"]] = _by_second(zip(times, means, strict=False))
    return found


def _by_second(rows: Iterable[tuple[object, object]]) -> Sequence[float | None]:
    """Return the values by second, from the first on; the row of second 1 ends there."""
    values = {int(time): mean for time, mean in rows if isinstance(time, int | float) and 0 < time < 10**7}
    return [
        float(mean) if is_figure(mean := values.get(second)) else None
        for second in range(1, max(values, default=0) + 1)
    ]


def _instant(page: Page, path: Path, document: Mapping[str, Any], *keys: str) -> datetime | None:
    key = next((key for key in keys if document.get(key) is not None), None)
    if key is None:
        return None
    instant = instant_of(document[key])
    if instant is None:
        page.complain((*path, key), NO_INSTANT)
    return instant


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

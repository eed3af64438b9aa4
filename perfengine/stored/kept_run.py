"""A result's JSON to what the history keeps of it. No histogram is read: thousands of results take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.kept_run import Figure, KeptOperation, KeptRun
from perfengine.stored.entry import Entry
from perfengine.stored.instants import instant_text
from perfengine.stored.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfengine.model.fingerprint import Fingerprint

    IsHard = Callable[[str], bool]

#: The key of each figure in a result.
_KEYS: Final = {Figure.P50: "median", Figure.P999: "p999"}
_BAD: Final = ("refused", "error", "timeout")
_KNOWN: Final = str | int | float | bool


def read_kept_run(text: str, directory: str, label: str, is_hard: IsHard) -> KeptRun:
    """Return what is kept of a result; `directory` is its name in the history, `label` that of the file.

    `is_hard` says which fields of a fingerprint must be the same in runs that are compared.

    Raises: SpecError for a text that is no result, or one of a newer version, with the place.
    """
    page = Page(text, label)
    page.check_version()
    page.check()
    if "results" not in page.root:
        page.complain((), 'is no result: there is no "results" in it')
        page.check()
    root = Entry(page, (), page.root)
    entries = [*root.named("results"), *root.named("failed_operations")]
    operations = tuple(_operation(name, entry, is_hard) for name, entry in entries)
    instant = root.instant("started" if "started" in root.values else "timestamp")
    return KeptRun(
        directory=directory,
        run_id=_whole(root.text_or_none("run_id") or directory),
        scenario=_whole(", ".join(root.texts("entities")) or root.text_or_none("entity") or "unnamed"),
        started_at=instant_text(instant),
        standing=_whole(root.text_or_none("standing") or ""),
        ended=_whole(root.text_or_none("ended") or "complete"),
        load=_whole(_load(root, [entry for _, entry in entries])),
        rate_per_s=_rate(root),
        p95_s=max((found for each in operations if (found := each.figures.get(Figure.P95))), default=None),
        commit=_whole(_commit([entry for _, entry in entries])),
        operations=operations,
    )


def _operation(name: str, entry: Entry, is_hard: IsHard) -> KeptOperation:
    found = entry.entry_or_none("fingerprint")
    fields: Fingerprint = found.values if found else {}
    ground = {key: value for key, value in fields.items() if is_hard(key) and isinstance(value, _KNOWN)}
    return KeptOperation(name=_whole(name), ground=ground, figures=dict(_figures(entry)))


def _figures(entry: Entry) -> Iterator[tuple[Figure, float]]:
    for figure in Figure:
        value = entry.number_or_none(_KEYS.get(figure, figure))
        if value is not None:
            yield figure, float(value)
    if "mean" not in entry.values and (outcomes := entry.entry_or_none("outcomes")):
        bad = sum(outcomes.count_or_none(each) or 0 for each in _BAD)
        if bad:
            yield Figure.ERROR_RATE, bad / (bad + (outcomes.count_or_none("ok") or 0))


def _load(root: Entry, entries: Sequence[Entry]) -> str:
    """Return the load in a few words, `mix closed 50`; operations of a benchmark may each have one of their own."""
    words = list(dict.fromkeys(_load_words(entry) for entry in entries if entry.entry_or_none("load")))
    load = words[0] if len(words) == 1 else f"{len(words)} loads"
    mix = "mix " if root.text_or_none("mode") == "mix" else ""
    return f"{mix}{load}" if words else ""


def _load_words(entry: Entry) -> str:
    load = entry.entry("load")
    rate, model = load.number_or_none("rate"), load.text("model")
    if load.list("stages"):
        return f"{model} stages"
    return f"{model} {rate:g}/s" if rate is not None else f"{model} {load.count('clients')}"


def _rate(root: Entry) -> float | None:
    """Return ok attempts over measured time; what is loaded together is measured in the same time."""
    ok, measured_s = 0, dict[str, float]()
    for name, entry in root.named("results"):
        outcomes = entry.entry_or_none("outcomes")
        ok += (outcomes.count_or_none("ok") if outcomes else None) or 0
        phase = entry.text_or_none("phase") or name
        measured_s[phase] = max(measured_s.get(phase, 0.0), entry.number_or_none("measured") or 0.0)
    total = sum(measured_s.values())
    return ok / total if total else None


def _whole(text: str) -> str:
    """Return a text that any file can hold: JSON may have halves of characters in it."""
    return text.encode("utf-8", "replace").decode()


def _commit(entries: Sequence[Entry]) -> str:
    found: list[Mapping[str, object]] = [
        fields.values for entry in entries if (fields := entry.entry_or_none("fingerprint"))
    ]
    return next((str(each["git.commit"]) for each in found if each.get("git.commit")), "")

"""The runs that a result speaks of: one, or as many as its load was repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from perfengine.stored.page import Page
from perfengine.stored.result import check_units, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.stored import StoredRun
    from perfengine.stored.operation import Decode
    from perfengine.stored.page import Path

#: What is said once, of all repeats: it is the same of each.
_SAME: Final = ("fingerprint", "requirements")


def read_runs(text: str, label: str, decode: Decode) -> tuple[StoredRun, ...]:
    """Return the runs of a result document; `label` names the file.

    `decode` gives the counters of a histogram text, or raises ValueError.

    Raises: SpecError with everything that is wrong, each with its place.
    """
    page = Page(text, label)
    page.check_version()
    check_units(page)
    if "baselines" in page.root:  # its results are figures alone, of all its runs together
        page.complain((), "is a baseline, where a result is needed")
    elif "results" not in page.root:
        page.complain((), 'is no result: there is no "results" in it')
    page.check()
    runs = runs_of(page, label, decode)
    if not any(run.sample.operations for run in runs):
        page.complain(("results",), "holds no operation: nothing had an ok attempt")
    page.check()
    return runs


def runs_of(page: Page, label: str, decode: Decode) -> tuple[StoredRun, ...]:
    """Return the runs of the document on the page; what is wrong is noted there.

    The repeats of a load are a run each, as far as they have an ok attempt. The canary is the session's: of several
    runs that had it as their own it would look surer than it is.
    """
    whole = run_of(page, (), page.root, label, decode)
    repeats = tuple(_repeats(page, whole, decode))
    if not repeats:
        return (whole,)
    _require_all(page, whole, repeats)
    first, *others = repeats
    runs = [first, *(replace(run, canary=None, canary_entry=None) for run in others)]
    return (*(replace(run, incomplete=None) for run in runs[:-1]), runs[-1])


def _repeats(page: Page, whole: StoredRun, decode: Decode) -> Iterator[StoredRun]:
    listed = page.root.get("repeats", [])
    if not isinstance(listed, list):
        page.complain(("repeats",), "is no list of repeats")
        return
    for number, item in enumerate(listed, start=1):
        place = ("repeats", number - 1)
        alone = {"results": _results(page, whole, place, page.mapping(place, item))}
        run = run_of(page, place, alone, f"{whole.label}, repeat {number}", decode)
        if run.sample.operations:
            run_id = whole.run_id and f"{whole.run_id}/{number}"
            yield replace(whole, sample=run.sample, entries=run.entries, run_id=run_id)


def _results(page: Page, whole: StoredRun, place: Path, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the operations of a repeat, with what stands once for all repeats."""
    place = (*place, "results")
    found = page.mapping(place, item.get("results"))
    return {
        name: {**_said_of_all(whole, name), **page.mapping((*place, name), entry)}
        for name, entry in found.items()
    }


def _said_of_all(whole: StoredRun, name: str) -> Mapping[str, Any]:
    entry = whole.entries.get(name, {})
    return {key: entry[key] for key in _SAME if key in entry}


def _require_all(page: Page, whole: StoredRun, repeats: tuple[StoredRun, ...]) -> None:
    """Note an operation of which the repeats hold more or fewer attempts than all of them together."""
    for sample in whole.sample.operations:
        parts = [found.ok for run in repeats if (found := run.sample.operation(sample.name))]
        if sum(parts) != sample.ok:
            told = f"{sample.ok}, and its repeats hold {sum(parts)} attempts"
            page.complain(("results", sample.name, "samples"), told)

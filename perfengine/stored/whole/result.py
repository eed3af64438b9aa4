"""A result's JSON to the run that it was: what reports and exports show, they show of a stored run as of a fresh one.

Not in what comes back: repeats one by one, which a comparison reads (`stored/repeats.py`); and what the document does
not have, histograms of what the load processes did to themselves, exact counts above limits. No report shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.model.environment import Environment
from perfengine.model.result import Ending, RunResult
from perfengine.model.workload import Mode
from perfengine.stored.canary import read_canary
from perfengine.stored.entry import Entry
from perfengine.stored.page import Page
from perfengine.stored.whole.comparison import comparison_of
from perfengine.stored.whole.limits import budget_of, health_of, judgement_of
from perfengine.stored.whole.operation import summary_of
from perfengine.stored.whole.over_time import ceiling_of, latency_over_time_of, series_of, watched_of
from perfengine.stored.whole.stability import repeats_of, step_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.summary import OperationSummary
    from perfengine.stored.operation import Decode


def read_whole_document(text: str, label: str, decode: Decode) -> tuple[Mapping[str, Any], RunResult]:
    """Return the document as it stands, and the run.

    `label` names the file, `decode` gives the counters of a histogram text or raises ValueError.

    Raises: SpecError for a text that is no result, that is cut off or of a newer version, with the place.
    """
    page = Page(text, label)
    page.check_version()
    page.check()
    if "results" not in page.root:
        what = "is a baseline, where a result is needed" if "baselines" in page.root else "is no result"
        page.complain((), f'{what}: there is no "results" in it')
    page.check()
    return page.root, _result(Entry(page, (), page.root), page, decode)


def _result(entry: Entry, page: Page, decode: Decode) -> RunResult:
    stability, seeding = entry.entry("stability"), entry.entry_or_none("seeding")
    operations = tuple(_operations(entry, decode))
    result = RunResult(
        run_id=entry.text("run_id"),
        started_at=entry.instant("started"),
        finished_at=entry.instant("finished"),
        entities=entry.texts("entities"),
        paths=entry.texts("paths"),
        scenario_sha256=entry.text("scenario_sha256"),
        seed=entry.count("seed"),
        data_set=entry.text("data_set"),
        data_rows={table: entry.entry("data_rows").count(table) for table in entry.entry("data_rows").values},
        environment=_environment(entry.entry("environment")),
        operations=operations,
        judgements=tuple(map(judgement_of, entry.entries("judgements"))),
        health=tuple(map(health_of, entry.entries("health"))),
        notes=entry.texts("notes"),
        incomplete=entry.text_or_none("incomplete"),
        seeding_s=None if seeding is None else {table: seeding.number(table) for table in seeding.values},
        ended=entry.word("ended", Ending),
        mode=entry.word("mode", Mode),
        processes=entry.count("processes"),
        in_process=entry.flag("in_process"),
        series=tuple(map(series_of, entry.entries("series"))),
        latency_over_time=tuple(map(latency_over_time_of, entry.entries("latency_over_time"))),
        watched=tuple(map(watched_of, entry.entries("watched"))),
        ceiling=ceiling_of(entry.entry_or_none("ceiling")),
        repeats=stability.count("repeats"),
        stability=tuple(map(repeats_of, stability.entries("operations"))),
        stabilised=tuple(map(step_of, stability.entries("stabilised"))),
        canary=read_canary(page, ("canary",), entry.values.get("canary")),
        budgets=tuple(map(budget_of, entry.entries("budgets"))),
        fingerprints={name: one.values.get("fingerprint") or {} for name, one in _entries(entry)},
        comparison=comparison_of(entry.entry_or_none("comparison")),
    )
    page.check()
    return result


def _entries(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Yield the operations as they were run; a document that does not say how has those without an answer last."""
    found = dict([*entry.named("results"), *entry.named("failed_operations")])
    ordered = [name for name in entry.texts("operations") if name in found]
    for name in dict.fromkeys([*ordered, *found]):
        yield name, found[name]


def _operations(entry: Entry, decode: Decode) -> Iterator[OperationSummary]:
    for _, one in _entries(entry):
        yield summary_of(one, decode)


def _environment(entry: Entry) -> Environment:
    libraries, settings = entry.entry("libraries"), entry.entry("server_settings")
    return Environment(
        perfengine=entry.text("perfengine"),
        python=entry.text("python"),
        system=entry.text("system"),
        cpus=entry.count("cpus"),
        libraries={name: libraries.text(name) for name in libraries.values},
        event_loop=entry.text("event_loop"),
        target=entry.text("target"),
        embedded=entry.flag("embedded"),
        server_version=entry.text("server_version"),
        server_settings={name: settings.text(name) for name in settings.values},
    )

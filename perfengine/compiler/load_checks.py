"""Pass: loads that cannot be: of the command line all at once, of the documents with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.load_model import is_open, stages_of
from perfengine.errors import PlanError, UsageError
from perfengine.model.load import stages_duration_ns
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.compiler.draft import Draft
    from perfengine.model.settings import LoadSettings


def check_load(draft: Draft) -> Draft:
    """Return the draft with the mistakes of the workload's load.

    Raises: UsageError with every setting that no load can have; PlanError for a workload that nobody wrote down.
    """
    problems = [*_settings_problems(draft.settings)]
    if problems:
        raise UsageError("\n".join(problems))
    workload = draft.scenario.workload
    found = [*_workload_problems(draft)]
    places = [workload.places.get(key, workload.position) for key, _ in found]
    if any(place is None for place in places):
        raise PlanError("\n".join(message for _, message in found))
    return draft.finding(
        [
            Mistake(position=place, message=message)
            for place, (_, message) in zip(places, found, strict=True)
            if place is not None
        ]
    )


def _settings_problems(settings: LoadSettings) -> Iterator[str]:
    least = {
        "--concurrency": (settings.concurrency, 1),
        "--connections": (settings.connections, 1),
        "--iterations": (settings.iterations, 1),
        "--duration": (settings.duration_ns, 1),
        "--timeout": (settings.timeout_ns, 1),
        "--warmup": (settings.warmup_ns, 0),
        "--processes": (settings.processes, 0),
        "--data-size": (settings.data_size, 0),
    }
    for option, (value, at_least) in least.items():
        if value is not None and value < at_least:
            yield f"{option} {value}: it is at least {at_least}"
    if settings.rate_per_s is not None and not settings.rate_per_s > 0:
        yield f"--rate {settings.rate_per_s:g}: it is above 0"


def _workload_problems(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the key of the workload that is wrong, and why."""
    workload, stages = draft.scenario.workload, stages_of(draft)
    what = "attempts a second" if is_open(draft) else "users"
    if is_open(draft) and draft.settings.rate_per_s is None:
        if workload.rate_per_s is None and not stages:
            yield "model", "an open model needs a rate or stages: rate: 500/s, or --rate 500"
        elif workload.rate_per_s is not None and not workload.rate_per_s > 0:
            yield "rate", f"a rate of {workload.rate_per_s:g} is no load: it is above 0"
    if stages and stages_duration_ns(stages) <= 0:
        yield "stages", "the stages have no end: give at least one of them a duration"
    if stages and not max(stage.target for stage in stages) > 0:
        yield "stages", f"the stages never ask for any {what}: give one of them a target above 0"

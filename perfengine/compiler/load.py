"""Pass: how much of each operation is asked for: command line, then documents, then the operation's own default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.draft import Load
from perfengine.errors import UsageError
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.operation import Operation
    from perfengine.model.scenario import Performance
    from perfengine.model.settings import LoadSettings

DEFAULT_CONCURRENCY: Final = 1
#: How long an operation's phase may take when nobody said; comes on top of a duration.
DEFAULT_TIMEOUT_NS: Final = 600 * NS_PER_S


def settle_load(draft: Draft) -> Draft:
    """Return the draft with the load of each selected operation.

    Raises: UsageError for a setting that no load can have.
    """
    problems = [*_problems(draft.settings)]
    if problems:
        raise UsageError("\n".join(problems))
    performance = {one.entity.name: one.performance for one in draft.entities}
    loads = tuple(load_of(op, performance[op.entity], draft.settings) for op in draft.selected)
    notes = [*_fewer_clients(draft, loads), *_short_timeouts(loads)]
    return replace(draft, loads=loads, notes=(*draft.notes, *notes))


def load_of(operation: Operation, performance: Performance, settings: LoadSettings) -> Load:
    """Return the load of one operation.

    A duration on the command line cancels iterations that come from anywhere else; where the command line has
    both, both stand, and whichever ends first ends the phase.
    """
    iterations = settings.iterations
    if iterations is None and settings.duration_ns is None:
        iterations = _first(performance.iterations, operation.default_iterations)
    concurrency = _concurrency(performance, settings)
    return Load(
        operation=operation,
        concurrency=concurrency if iterations is None else min(concurrency, iterations),
        timeout_ns=_first(
            settings.timeout_ns, performance.timeout_ns, DEFAULT_TIMEOUT_NS + (settings.duration_ns or 0)
        ),
        iterations=iterations,
        duration_ns=settings.duration_ns,
    )


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _concurrency(performance: Performance, settings: LoadSettings) -> int:
    return _first(settings.concurrency, performance.concurrency, DEFAULT_CONCURRENCY)


def _problems(settings: LoadSettings) -> Iterator[str]:
    least = {
        "--concurrency": (settings.concurrency, 1),
        "--iterations": (settings.iterations, 1),
        "--duration": (settings.duration_ns, 1),
        "--timeout": (settings.timeout_ns, 1),
        "--data-size": (settings.data_size, 0),
    }
    for option, (value, at_least) in least.items():
        if value is not None and value < at_least:
            yield f"{option} {value}: it is at least {at_least}"


def _fewer_clients(draft: Draft, loads: Sequence[Load]) -> Iterator[str]:
    performance = {one.entity.name: one.performance for one in draft.entities}
    reduced: dict[tuple[int, int], list[str]] = {}
    for load in loads:
        asked = _concurrency(performance[load.operation.entity], draft.settings)
        if load.concurrency < asked:
            reduced.setdefault((asked, load.concurrency), []).append(load.operation.name)
    for (asked, clients), names in reduced.items():
        yield f"{clients} of {asked} clients have something to do in {', '.join(names)}: {clients} iterations"


def _short_timeouts(loads: Sequence[Load]) -> Iterator[str]:
    short = [load for load in loads if load.duration_ns is not None and load.timeout_ns <= load.duration_ns]
    if short:
        names = ", ".join(load.operation.name for load in short)
        yield f"the timeout ends these before their duration is over: {names}"

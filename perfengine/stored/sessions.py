"""Which runs belong to one session: those that followed each other closely."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from perfengine.stored.instants import instant_text
from perfengine.stored.result import with_session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.canary import Canary
    from perfengine.model.stored import StoredRun

#: A pause of this length makes what comes after it a session of its own.
PAUSE: Final = timedelta(minutes=30)
_UNKNOWN: Final = datetime.max.replace(tzinfo=UTC)


def by_session(runs: Iterable[StoredRun]) -> tuple[StoredRun, ...]:
    """Return the runs by their start, each with the name of its session: the start of its first run.

    Between the end of a run and the start of the next one 30 minutes or more make a new session. Runs that do not say
    when they were are one session, the last: nobody knows that they were apart.
    """
    found: list[StoredRun] = []
    session, over = "", None
    for run in sorted(runs, key=lambda each: each.started or _UNKNOWN):
        if run.started is None:
            found.append(with_session(run, "unknown"))
            continue
        if over is None or run.started - over >= PAUSE:
            session = instant_text(run.started, "seconds")
        ended = run.finished or run.started
        over = ended if over is None else max(over, ended)
        found.append(with_session(run, session))
    return tuple(found)


def canaries_by_session(runs: Iterable[StoredRun]) -> list[list[Canary]]:
    """Return the canaries of runs that have one, those of a session together; sessions have their names by then."""
    sessions: dict[str, list[Canary]] = {}
    for run in runs:
        if run.canary is not None:
            sessions.setdefault(run.sample.session, []).append(run.canary)
    return list(sessions.values())

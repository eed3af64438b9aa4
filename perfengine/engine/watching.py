"""What a run watches beside the load, and what becomes of it in the result."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from perfengine.database.connect import Role, SessionSettings, open_connection
from perfengine.engine.ceiling import stored_ceiling, with_share
from perfengine.engine.repeating import merged
from perfengine.engine.run_ground import data_folder
from perfengine.model.series import About
from perfengine.serverview.clients import watched_execution_time, watched_pool_utilization
from perfengine.serverview.watch import watch_server
from perfengine.serverview.watched import gaps_of, series_of, summarise_watch
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from perfengine.database.address import Address
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress
    from perfengine.model.series import Ceiling, Series, Watched
    from perfengine.serverview.connection import WatchConnection
    from perfengine.serverview.watch import ServerSample, ServerWatch

#: Of the watching session: what takes longer is a gap, and no load of its own.
WATCH_TIMEOUT_NS = NS_PER_S
_SHARE = "connection_share"


def watch_of(planned: PlannedRun, address: Address, progress: Progress) -> ServerWatch:
    """Return a watch on the server of a run and on this machine, over a connection of its own."""
    facts = progress.facts

    async def connect() -> WatchConnection:
        settings = SessionSettings(
            run_id=progress.run_id,
            role=Role.WATCH,
            statement_timeout_ns=WATCH_TIMEOUT_NS,
            pooled=not planned.plan.prepare,
        )
        opened = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
        return cast("WatchConnection", opened)

    return watch_server(
        connect,
        version_number=facts.version_number if facts else 0,
        run_id=progress.run_id,
        local=address.local,
        socket=address.socket,
        pooled=not planned.plan.prepare,
        data_directory=data_folder(facts.ground, address) if facts else None,
    )


@asynccontextmanager
async def watching(
    planned: PlannedRun, address: Address, progress: Progress, look: Callable[[ServerSample], None]
) -> AsyncIterator[None]:
    """Watch for the block, a sample a second; each is kept and handed to `look`."""

    def keep(sample: ServerSample) -> None:
        progress.samples.append(sample)
        look(sample)

    async with watch_of(planned, address, progress).sampling(keep):
        yield


def asked_metrics(planned: PlannedRun) -> tuple[str, ...]:
    """Return what `metrics:` of the documents ask for."""
    entities = planned.scenario.entities
    return tuple(dict.fromkeys(metric for one in entities for metric in one.performance.metrics))


def watched_of(planned: PlannedRun, progress: Progress) -> tuple[Watched, ...]:
    """Return the figures of everything that was watched, and why what was asked could not be."""
    shares = [
        value
        for series in progress.series
        if series.about is About.GENERATOR
        for value in series.columns.get(_SHARE, ())
        if value is not None
    ]
    return (
        watched_execution_time(merged(progress.summaries)),
        watched_pool_utilization(shares),
        *summarise_watch(progress.samples, asked_metrics(planned)),
    )


def series_of_run(progress: Progress) -> tuple[Series, ...]:
    """Return all series: operations, load processes, the server."""
    return (*progress.series, *([series_of(progress.samples)] if progress.samples else ()))


def watch_notes(progress: Progress) -> tuple[str, ...]:
    """Return a line for each gap in what was watched."""
    return gaps_of(progress.samples)


def ceiling_of(progress: Progress) -> Ceiling | None:
    """Return this machine's ceiling with the share of it that one load process used in the busiest phase.

    None when it is not known.
    """
    ceiling = stored_ceiling()
    if ceiling is None:
        return None
    rates: dict[str, float] = {}
    for summary in merged(progress.summaries):
        seconds = summary.measurement.measured_ns / NS_PER_S
        if seconds:
            carried_by = max(
                1, len(summary.measurement.generator.processes)
            )  # no more than there were clients
            rate = summary.attempts / seconds / carried_by
            rates[summary.phase] = rates.get(summary.phase, 0.0) + rate
    return with_share(ceiling, max(rates.values())) if rates else ceiling

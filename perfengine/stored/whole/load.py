"""The load of an operation of a stored result, and what came of its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.load import Arrival, ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.summary import StageSummary
from perfengine.model.workload import Model
from perfengine.stored.whole.latency import part_of
from perfengine.stored.whole.numbers import whole_ns

if TYPE_CHECKING:
    from perfengine.model.load import Load
    from perfengine.stored.entry import Entry


def load_of(entry: Entry) -> Load:
    """Return the load model with its level and stages."""
    stages = tuple(
        Stage(duration_ns=whole_ns(stage.number("duration")), target=stage.number("target"))
        for stage in entry.entries("stages")
    )
    if entry.word("model", Model) is Model.CLOSED:
        return ClosedLoad(
            users=entry.count("clients"), think=_think(entry.entry_or_none("think")), stages=stages
        )
    return OpenLoad(
        rate_per_s=entry.number_or_none("rate") or 0.0,
        arrival=entry.word("arrival", Arrival),
        clients=entry.count("clients"),
        max_in_flight=entry.count_or_none("max_in_flight"),
        stages=stages,
    )


def stage_of(entry: Entry) -> StageSummary:
    """Return what was due in a stage."""
    return StageSummary(
        number=entry.count("number"),
        duration_ns=whole_ns(entry.number("duration")),
        begin_level=entry.number("begin_level"),
        target=entry.number("target"),
        ok=entry.count("ok"),
        bad=entry.count("bad"),
        dropped=entry.count("dropped"),
        throughput_per_s=entry.number("throughput"),
        latency=part_of(entry.entry_or_none("latency")),
    )


def _think(entry: Entry | None) -> ThinkTime | None:
    if entry is None:
        return None
    return ThinkTime(
        spread=entry.word("spread", Spread),
        mean_ns=whole_ns(entry.number("mean")),
        low_ns=whole_ns(entry.number("low")),
        high_ns=whole_ns(entry.number("high")),
    )

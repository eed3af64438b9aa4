"""A load as JSON: its model, its level, its stages; and what came of each stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.load import OpenLoad
from perfengine.report.latency_json import part_figures, seconds

if TYPE_CHECKING:
    from perfengine.model.load import ClosedLoad, Load, Stage, ThinkTime
    from perfengine.model.summary import StageSummary


def load_entry(load: Load) -> dict[str, object]:
    """Return a load; keys that the other model has are null."""
    own = _open(load) if isinstance(load, OpenLoad) else _closed(load)
    return {
        "model": "open" if isinstance(load, OpenLoad) else "closed",
        "clients": load.clients,
        **dict.fromkeys(("rate", "arrival", "max_in_flight", "think")),
        **own,
        "stages": [_stage(stage) for stage in load.stages],
    }


def stage_entry(stage: StageSummary) -> dict[str, object]:
    """Return what was due in a stage; levels are users in the closed model and attempts a second in the open one."""
    return {
        "number": stage.number,
        "duration": seconds(stage.duration_ns),
        "begin_level": stage.begin_level,
        "target": stage.target,
        "ok": stage.ok,
        "bad": stage.bad,
        "dropped": stage.dropped,
        "throughput": stage.throughput_per_s,
        "latency": part_figures(stage.latency),
    }


def _open(load: OpenLoad) -> dict[str, object]:
    return {
        "rate": None if load.stages else load.rate_per_s,
        "arrival": load.arrival,
        "max_in_flight": load.max_in_flight,
    }


def _closed(load: ClosedLoad) -> dict[str, object]:
    return {"think": None if load.think is None else _think(load.think)}


def _think(think: ThinkTime) -> dict[str, object]:
    return {
        "spread": think.spread,
        "mean": seconds(think.mean_ns),
        "low": seconds(think.low_ns),
        "high": seconds(think.high_ns),
    }


def _stage(stage: Stage) -> dict[str, object]:
    return {"duration": seconds(stage.duration_ns), "target": stage.target}

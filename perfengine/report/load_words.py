"""Loads in words: how many clients or which rate, how long they think, in which stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.load import OpenLoad, Spread
from perfengine.report.measures import PER_SECOND, value_text
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.load import ClosedLoad, Load, Stage, ThinkTime


def duration_text(duration_ns: int) -> str:
    """Return a duration as a document would say it: `90s`, `500ms`."""
    if 0 < duration_ns < NS_PER_S:
        return f"{duration_ns / NS_PER_MS:g}ms"
    return f"{duration_ns / NS_PER_S:g}s"


def clients_text(count: int) -> str:
    """Return `1 client` or `8 clients`."""
    return f"{count} client{'' if count == 1 else 's'}"


def think_text(think: ThinkTime) -> str:
    """Return how long clients think between two attempts: `1s on average, exponential`."""
    if think.spread is Spread.UNIFORM:
        return f"{duration_text(think.low_ns)} to {duration_text(think.high_ns)}"
    mean = duration_text(think.mean_ns)
    return mean if think.spread is Spread.CONSTANT else f"{mean} on average, {think.spread}"


def level_text(level: float, load: Load) -> str:
    """Return a level of the load: users as a number, a rate with its unit."""
    return f"{level:g}/s" if isinstance(load, OpenLoad) else f"{level:g}"


def stages_text(stages: Sequence[Stage], load: Load) -> str:
    """Return the shape of a load: `0, in 10s to 50, at once to 0`."""
    steps = (
        f"{f'in {duration_text(stage.duration_ns)}' if stage.duration_ns else 'at once'} to"
        f" {level_text(stage.target, load)}"
        for stage in stages
    )
    return ", ".join(["0", *steps])


def load_words(load: Load) -> str:
    """Return the load: `closed model, 50 clients, think 1s`, or `open model, 500.0/s poisson, 50 clients`."""
    return _open_words(load) if isinstance(load, OpenLoad) else _closed_words(load)


def _open_words(load: OpenLoad) -> str:
    rate = "a rate in stages" if load.stages else value_text(load.rate_per_s, PER_SECOND)
    most = f", at most {load.max_in_flight} in flight" if load.max_in_flight is not None else ""
    return f"open model, {rate} {load.arrival}, {clients_text(load.clients)}{most}"


def _closed_words(load: ClosedLoad) -> str:
    clients = f"up to {clients_text(load.users)}" if load.stages else clients_text(load.users)
    return f"closed model, {clients}" + (f", think {think_text(load.think)}" if load.think else "")

"""Whether the keys of a workload agree with each other: the load model with its rates, users and stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.load import stages_duration_ns
from perfengine.model.workload import Mode, Model
from perfengine.spec.shape.quantities import MAX_CONCURRENCY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.model.workload import Workload
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.load_parts import StagePart

_OPEN_KEYS: Final = ("rate", "arrival", "max_in_flight")
_CLOSED_KEYS: Final = ("think_time",)


def check_load(
    workload: Workload, stages: Sequence[StagePart], mistakes: Mistakes, notes: list[str]
) -> Workload:
    """Return the workload with what follows from its keys: arrivals make the model open, weights the mode a mix.

    `stages` are those of the workload, as written. That an open model has a rate is not asked here: the command line
    may say it.
    """
    model = workload.model or _implied_model(workload, stages)
    mode = workload.mode or (Mode.MIX if workload.mix else None)
    _check_model(workload, model, mistakes)
    _check_stages(workload, mistakes)
    _check_targets(stages, model, mistakes)
    if workload.mix and mode is Mode.BENCHMARK:
        message = "mix: mode says benchmark, each operation alone: write mode: mix, or remove this"
        mistakes.add(workload.places["mix"], message)
    if workload.stages and workload.duration_ns is not None:
        notes.append("workload: duration: without effect, the stages say how long the load takes")
        workload = replace(workload, duration_ns=None)
    return replace(workload, model=model, mode=mode)


def _implied_model(workload: Workload, stages: Iterable[StagePart]) -> Model | None:
    says_rate = any(key in workload.places for key in _OPEN_KEYS)
    return Model.OPEN if says_rate or any(stage.target.is_rate for stage in stages) else None


def _check_model(workload: Workload, model: Model | None, mistakes: Mistakes) -> None:
    places = workload.places
    strange = _CLOSED_KEYS if model is Model.OPEN else _OPEN_KEYS
    for key in strange:
        if key in places and model is not None:
            other = Model.CLOSED if model is Model.OPEN else Model.OPEN
            says = f"model says {model}" if "model" in places else f"a rate makes it {model}"
            message = f"{key}: belongs to the {other} model, and {says}: write model: {other}, or remove this"
            mistakes.add(places[key], message)
    if model is Model.OPEN and "rate" in places and workload.stages:
        mistakes.add(places["rate"], "rate: the stages say the rate: keep one of them")


def _check_stages(workload: Workload, mistakes: Mistakes) -> None:
    place = workload.places.get("stages")
    if place is None:
        return
    if not workload.stages:
        mistakes.add(place, "stages: there is none that can be read: write {duration: 30s, target: 50}")
    elif not stages_duration_ns(workload.stages):
        mistakes.add(place, "stages: none of them takes any time, so there is no end: give one a duration")
    elif not any(stage.target for stage in workload.stages):
        mistakes.add(place, "stages: every target is 0, so nothing would be done: give one users or a rate")


def _check_targets(stages: Iterable[StagePart], model: Model | None, mistakes: Mistakes) -> None:
    if model is Model.OPEN:
        return
    for stage in stages:
        target = stage.target
        if target.is_rate:
            message = (
                "target: a rate belongs to the open model, and model says closed: write users, such as 50"
            )
        elif target.value != int(target.value):
            message = "target: in the closed model it is users, a whole number; a rate is written 0.5/s"
        elif target.value > MAX_CONCURRENCY:
            message = f"target: there are at most {MAX_CONCURRENCY} users"
        else:
            continue
        mistakes.add(stage.place("target"), message)

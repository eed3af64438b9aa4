"""How steady a stored run was, and what was done for it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from perfengine.model.repeats import OperationRepeats
from perfengine.model.stabilising import StabilisingStep, Step
from perfengine.model.stability import Outlier, OutlierLabel, Stability, Steadiness, SteadyState
from perfengine.model.verdict import Verdict
from perfengine.stored.whole.numbers import exact_ns

if TYPE_CHECKING:
    from perfengine.stored.entry import Entry


def repeats_of(entry: Entry) -> OperationRepeats:
    """Return one operation over the repeats of a run."""
    return OperationRepeats(
        operation=entry.text("operation"),
        means_ns=tuple(map(exact_ns, entry.numbers("means"))),
        between=_between(entry.entry("between")),
        outliers=tuple(_outlier(item) for item in entry.entries("outliers")),
        steady=tuple(_steady(item) for item in entry.entries("steady")),
    )


def step_of(entry: Entry) -> StabilisingStep:
    """Return a step that was taken before a repeat."""
    return StabilisingStep(
        step=entry.word("step", Step),
        repeat=entry.count("repeat"),
        took_s=entry.number("took"),
        done=entry.flag("done"),
        detail=entry.text("detail"),
    )


def _between(entry: Entry) -> Stability:
    return Stability(
        verdict=entry.word("verdict", Verdict),
        runs=entry.count("runs"),
        limit=entry.number("limit"),
        variation=entry.number_or_none("variation"),
        variation_lower=entry.number_or_none("variation_lower"),
        variation_upper=entry.number_or_none("variation_upper"),
        spread=entry.number_or_none("spread"),
        needed=entry.count_or_none("needed"),
        detail=entry.text("detail"),
    )


def _outlier(entry: Entry) -> Outlier:
    return Outlier(
        place=entry.count("repeat") - 1,
        value=exact_ns(entry.number("mean")),
        label=entry.word("label", OutlierLabel),
    )


def _steady(entry: Entry) -> SteadyState:
    steadiness, thirds = entry.word("steadiness", Steadiness), entry.number_or_none("thirds")
    # a difference that is not finite is written as null
    beyond = thirds is None and steadiness is Steadiness.UNSTABLE
    return SteadyState(
        steadiness=steadiness,
        cut_s=entry.count("cut_s"),
        kept_s=entry.count("kept_s"),
        drift=entry.number_or_none("drift"),
        thirds=inf if beyond else thirds,
        detail=entry.text("detail"),
    )

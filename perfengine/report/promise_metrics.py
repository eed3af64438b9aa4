"""What promises allowed in a run, and how much its repeats differ, as families of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfengine.model.verdict import Verdict
from perfengine.report.measures import unit_of, value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perfengine.model.budget import Budget
    from perfengine.model.result import RunResult
    from perfengine.model.stability import Stability

    #: Labels by name, and the value.
    Sample = tuple[Mapping[str, str], float]


class Family(NamedTuple):
    """A metric with its samples."""

    name: str
    meaning: str
    samples: Iterator[Sample]


def budget_families(result: RunResult) -> Iterator[Family]:
    """Yield a family for each figure of a budget; figures that a budget has not are left out."""

    def family(name: str, meaning: str, figure: Callable[[Budget], float | None]) -> Family:
        return Family(f"budget_{name}", meaning, _of_budgets(result, figure))

    yield family("allowed_attempts", "Attempts of this run that may be bad", lambda one: one.allowed)
    yield family("spent_attempts", "Attempts of this run that were bad", lambda one: one.bad)
    yield family("left_attempts", "Attempts that might still be bad; below 0 overspent", lambda one: one.left)
    yield family("burn_rate", "Attempts that were bad over those that may be", lambda one: one.spent)
    yield family("worst_minute_burn_rate", "Burn rate of the worst minute", lambda one: one.worst_burn)
    yield family("first_breach_second", "Second in which it was overspent", lambda one: one.spent_s)
    yield family(
        "share_of_bad_ratio", "Share of all bad attempts under the promise", lambda one: one.share_of_bad
    )


def stability_families(result: RunResult) -> Iterator[Family]:
    """Yield a family for each figure of how much repeats differ, and their verdicts: 1 for the one it is."""

    def family(name: str, meaning: str, figure: Callable[[Stability], float | None]) -> Family:
        return Family(f"stability_{name}", meaning, _of_repeats(result, figure))

    yield family("variation_ratio", "Variation of the means of repeats", lambda one: one.variation)
    yield family(
        "variation_upper_ratio", "What that is at most, at 95 % confidence", lambda one: one.variation_upper
    )
    yield family("variation_limit_ratio", "What it may be", lambda one: one.limit)
    yield family("spread_ratio", "Largest mean minus smallest over the median", lambda one: one.spread)
    yield Family("stability_verdict", "Whether repeats vary by less than the limit", _verdicts(result))


def _of_budgets(result: RunResult, figure: Callable[[Budget], float | None]) -> Iterator[Sample]:
    entities = _entities(result)
    for budget in result.budgets:
        value = figure(budget)
        if value is not None:
            labels = {
                "promise": budget.promise,
                "tier": budget.tier,
                "limit": value_text(budget.limit, unit_of(budget.promise)),
            }
            yield _named(budget.operation, entities) | labels, value


def _of_repeats(result: RunResult, figure: Callable[[Stability], float | None]) -> Iterator[Sample]:
    if result.repeats > 1:
        entities = _entities(result)
        for repeats in result.stability:
            value = figure(repeats.between)
            if value is not None:
                yield _named(repeats.operation, entities), value


def _verdicts(result: RunResult) -> Iterator[Sample]:
    if result.repeats > 1:
        entities = _entities(result)
        for repeats in result.stability:
            for verdict in Verdict:
                labels = _named(repeats.operation, entities) | {"verdict": str(verdict)}
                yield labels, float(repeats.between.verdict is verdict)


def _entities(result: RunResult) -> dict[str, str]:
    return {run.operation.name: run.operation.entity for run in result.operations}


def _named(operation: str, entities: Mapping[str, str]) -> dict[str, str]:
    return {"entity": entities.get(operation, ""), "operation": operation}

"""The budget of a promise in words, for reports that set them out each in its own way."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Final

from perfengine.model.verdict import Verdict
from perfengine.report.measures import FRACTION, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.budget import Budget
    from perfengine.model.verdict import Judgement

#: Clusters of a second and a half are as short as a series by the second can show them.
_WORTH_SAYING_S: Final = 1.5


def budget_of(judgement: Judgement, budgets: Sequence[Budget]) -> Budget | None:
    """Return the budget of the promise that was judged, None where there is none."""
    return next((budget for budget in budgets if _is_of(budget, judgement)), None)


def is_open(budget: Budget, judgements: Sequence[Judgement]) -> bool:
    """Return whether the promise is UNPROVEN."""
    return any(judged.verdict is Verdict.UNPROVEN for judged in judgements if _is_of(budget, judged))


def _is_of(budget: Budget, judged: Judgement) -> bool:
    return (
        judged.service_level is not None
        and (judged.operation, judged.metric, judged.limit)
        == (budget.operation, budget.promise, budget.limit)
        and judged.service_level.tier == budget.tier
    )


def spent_words(budget: Budget) -> str:
    """Return what was spent and what is left: `spent 85 of 12 (708%), overspent by 73`."""
    share = "" if budget.spent is None else f" ({percent_text(budget.spent)})"
    return f"spent {budget.bad} of {count_text(budget.allowed)}{share}, {left_words(budget)}"


def left_words(budget: Budget) -> str:
    """Return what is left: `114 left (95%)`, `overspent by 73`."""
    if budget.left < 0:
        return f"overspent by {count_text(-budget.left)}"
    left = "" if budget.spent is None else f" ({percent_text(1 - budget.spent)})"
    return f"{count_text(budget.left)} left{left}"


def course_words(budget: Budget, beyond: str) -> Iterator[str]:
    """Yield how fast it was spent and since when; `beyond` stands for a burn rate without end."""
    if budget.spent is not None:
        yield f"burn rate {budget.spent:.2f}"
    if worst := worst_minute_text(budget, beyond):
        yield f"worst minute {worst}"
    yield breach_words(budget)


def worst_minute_text(budget: Budget, beyond: str) -> str:
    """Return the burn rate of the worst minute and where it begins; empty where there was none."""
    if budget.worst_minute_s is None or budget.worst_burn is None:
        return ""
    rate = beyond if isinf(budget.worst_burn) else f"{budget.worst_burn:.2f}"
    return f"{rate} from second {budget.worst_minute_s}"


def breach_words(budget: Budget) -> str:
    """Return since when more had been bad than the whole run may have."""
    if budget.spent_s is not None:
        return f"first breach in second {budget.spent_s}"
    return "never breached" if budget.left >= 0 else "nobody noted when it was breached"


def cluster_words(budget: Budget) -> str:
    """Return that bad attempts came in clusters; empty where they did not."""
    if budget.design_effect <= 1:
        return ""
    lasting = f" of about {budget.lasts_s:.0f} s" if budget.lasts_s >= _WORTH_SAYING_S else ""
    return f"bad ones came in clusters{lasting} (design effect {budget.design_effect:.3g})"


def needed_words(budget: Budget) -> str:
    """Return what it would take to judge the promise."""
    if budget.needed_s is not None:
        return f"clusters that last so long take a run of {budget.needed_s} s"
    if budget.needed is None:
        return "at this share of bad ones no number of attempts proves it"
    return f"at this share of bad ones {budget.needed} attempts prove it"


def culprits(budgets: Sequence[Budget]) -> Iterator[Budget]:
    """Yield, for each promise that several operations gave, the budget of the one with most of the bad attempts."""
    for promise in dict.fromkeys(budget.promise for budget in budgets):
        own = [budget for budget in budgets if budget.promise == promise and budget.share_of_bad is not None]
        if len({budget.operation for budget in own}) > 1:
            yield max(own, key=lambda budget: budget.share_of_bad or 0.0)


def share_of_bad_words(budget: Budget) -> str:
    """Return how many of the bad attempts under the promise are the operation's own."""
    return f"{percent_text(budget.share_of_bad or 0.0)} of all bad attempts"


def count_text(value: float) -> str:
    """Return a number of attempts, which need not be whole."""
    return f"{value:.1f}".removesuffix(".0")


def percent_text(share: float) -> str:
    """Return a share in percent."""
    return value_text(share, FRACTION)

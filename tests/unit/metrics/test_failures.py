"""Failures are kept by their text, up to a number of texts; beyond it none is lost, only its words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.failures import MAX_DISTINCT_FAILURES, add_failures, without_text
from perfengine.metrics.recorder import Recorder
from perfengine.model.outcome import Failure, Outcome
from tests.builders import make_failure
from tests.examples import few_examples
from tests.unit.metrics.intervals import sum_up, take_interval
from tests.unit.metrics.streams import UP_NS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.measurement import Measurement

#: Failures of all kinds, with so many texts that some do not fit.
ALL = [
    make_failure(outcome, message=f"text {number}")
    for outcome in Outcome
    if outcome is not Outcome.OK
    for number in range(150)
]
few = st.dictionaries(st.sampled_from(ALL), st.integers(1, 5), max_size=20)
many = st.builds(
    lambda random, size: {failure: random.randint(1, 5) for failure in random.sample(ALL, size)},
    st.randoms(use_true_random=False),
    st.integers(150, 190),
)


def by_kind(counted: Mapping[Failure, int]) -> Counter[Failure]:
    """Return the counts without the texts."""
    kinds: Counter[Failure] = Counter()
    for failure, count in counted.items():
        kinds[without_text(failure)] += count
    return kinds


def texts(counted: Mapping[Failure, int]) -> int:
    """Return how many different failures are kept by their text."""
    return sum(failure != without_text(failure) for failure in counted)


def recorded(told: list[list[str]]) -> Measurement:
    """Return what processes come to that each tell an interval of failures, by their texts."""
    intervals = []
    for process, messages in enumerate(told):
        recorder = Recorder("a")
        for message in messages:
            recorder.fail(make_failure(message=message), UP_NS, UP_NS + 1)
        intervals.append(take_interval([recorder], process=process))
    (part,) = sum_up(intervals, ["a"])
    return part


@given(few, few, few)
def test_as_long_as_they_fit_counts_add(
    a: dict[Failure, int], b: dict[Failure, int], c: dict[Failure, int]
) -> None:
    """In whichever order and grouping."""
    assert add_failures(a, b) == Counter(a) + Counter(b) == add_failures(b, a)
    assert add_failures(add_failures(a, b), c) == add_failures(a, add_failures(b, c))


@few_examples
@given(st.lists(many, min_size=2, max_size=4))
def test_beyond_that_none_is_lost(parts: list[dict[Failure, int]]) -> None:
    """By outcome, class and SQLSTATE the sums are exact, and no more texts are kept than allowed."""
    both: dict[Failure, int] = {}
    for part in parts:
        both = add_failures(both, part)
    assert by_kind(both) == sum((by_kind(part) for part in parts), Counter())
    assert texts(both) <= MAX_DISTINCT_FAILURES
    for failure in set(parts[0]) - {without_text(failure) for failure in parts[0]}:
        assert both[failure] == sum(part.get(failure, 0) for part in parts)  # the first to come stay


def test_distinct_failures_of_a_process_are_capped() -> None:
    """The first 200 texts are kept; those that come later are counted under their class."""
    recorder = Recorder("a")
    for n in range(MAX_DISTINCT_FAILURES + 50):
        recorder.fail(make_failure(message=f"text {n}"), UP_NS, UP_NS + 1)
    recorder.fail(make_failure(message="text 7"), UP_NS, UP_NS + 1)
    recorder.fail(make_failure(Outcome.REFUSED, sqlstate="23514", message="late"), UP_NS, UP_NS + 1)
    counted = recorder.take()[0].failures
    assert MAX_DISTINCT_FAILURES == 200
    assert sum(counted.values()) == 252
    assert counted[make_failure(message="text 7")] == 2
    assert counted[make_failure(message="(further texts)")] == 50
    assert counted[make_failure(Outcome.REFUSED, sqlstate="23514", message="(further texts)")] == 1
    assert len(counted) == MAX_DISTINCT_FAILURES + 2


def test_they_are_capped_over_intervals() -> None:
    """A process that tells new texts each second keeps the first 200 of all its seconds."""
    recorder, intervals = Recorder("a"), []
    for second in range(10):
        for n in range(50):
            recorder.fail(make_failure(message=f"text {second * 50 + n}"), UP_NS, UP_NS + 1)
        intervals.append(take_interval([recorder]))
    assert [len(interval.operations[0].failures) for interval in intervals] == [50] * 4 + [1] * 6
    (part,) = sum_up(intervals, ["a"])
    assert (texts(part.failures), part.failures[make_failure(message="(further texts)")]) == (200, 300)


def test_they_are_capped_over_processes() -> None:
    """Eight processes with two hundred texts each keep two hundred."""
    part = recorded([[f"process {process}, text {n}" for n in range(200)] for process in range(8)])
    assert (texts(part.failures), part.attempts) == (200, 1600)
    assert part.failures[make_failure(message="(further texts)")] == 1400


def test_processes_that_say_the_same_are_not_capped() -> None:
    """It is different texts that would fill the memory."""
    part = recorded([[f"text {n}" for n in range(200)]] * 3)
    assert part.failures == {make_failure(message=f"text {n}"): 3 for n in range(200)}


def test_without_its_text_a_failure_keeps_its_class() -> None:
    """Outcome, SQLSTATE and whether the connection was lost are few."""
    failure = Failure(
        outcome=Outcome.REFUSED,
        sqlstate="23514",
        error_class="integrity",
        message="x",
        constraint="c",
        lost=True,
    )
    kept = without_text(failure)
    assert (kept.outcome, kept.sqlstate, kept.error_class, kept.lost) == (
        Outcome.REFUSED, "23514", "integrity", True
    )  # fmt: skip
    assert (kept.message, kept.constraint) == ("(further texts)", None)

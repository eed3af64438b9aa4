"""Attempts are handed out once, and what went wrong is known by number."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.script import Script
from tests.unit.execution.crews import numbered

turns = st.lists(st.integers(0, 7), max_size=60)


@given(attempts=st.integers(0, 40), turns=turns)
def test_each_attempt_goes_to_one_client(attempts: int, turns: list[int]) -> None:
    """However eight clients take turns, they get the arguments in order and none twice."""
    script = Script(numbered(attempts))
    clients = [iter(script) for _ in range(8)]
    got = [arguments for turn in turns if (arguments := next(clients[turn], None)) is not None]
    assert got == numbered(min(attempts, len(turns)))
    assert script.taken == len(got)


@given(attempts=st.integers(1, 20), taken=st.integers(0, 60))
def test_a_repeating_script_starts_over(attempts: int, taken: int) -> None:
    """After the last arguments come the first again; what was taken is one turn."""
    script = Script(numbered(attempts), repeat=True)
    assert list(islice(script, taken)) == [(n % attempts,) for n in range(taken)]
    assert script.taken == attempts


@given(data=st.data(), attempts=st.integers(1, 30))
def test_attempts_that_went_wrong_are_known_by_number(data: st.DataObject, attempts: int) -> None:
    """Failed ones and those in doubt, sorted, whatever the order in which they ended."""
    numbers = st.lists(st.integers(0, attempts - 1), unique=True)
    wrong = data.draw(numbers)
    doubtful = [n for n in wrong if data.draw(st.booleans())]
    script = Script(numbered(attempts))
    taken = list(script)
    for n in wrong:
        script.fail(taken[n], in_doubt=n in doubtful)
    failed = sorted(set(wrong) - set(doubtful))
    assert script.positions() == (tuple(failed), tuple(sorted(doubtful)))


def test_equal_arguments_are_told_apart() -> None:
    """An attempt is known by the very tuple it was given, not by what is in it."""
    script = Script([(n,) for n in (7, 7, 7)])
    _, second, _ = script
    script.fail(second, in_doubt=False)
    assert script.positions() == ((1,), ())


@pytest.mark.parametrize("in_doubt", [True, False])
def test_a_repeating_script_keeps_no_failures(in_doubt: bool) -> None:
    """Its rows are not used up, so nobody asks which they were."""
    script = Script(numbered(3), repeat=True)
    script.fail(next(iter(script)), in_doubt=in_doubt)
    assert script.positions() == ((), ())

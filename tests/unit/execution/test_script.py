"""Attempts are handed out once, and what went wrong is known by number."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.script import Item, Script
from perfengine.model.rows import Fate
from tests.unit.execution.crews import gone_wrong, numbered, with_fate

turns = st.lists(st.integers(0, 7), max_size=60)


@given(attempts=st.integers(0, 40), turns=turns)
def test_each_attempt_goes_to_one_client(attempts: int, turns: list[int]) -> None:
    """However eight clients take turns, they get the items in order and none twice."""
    script = Script(numbered(attempts))
    clients = [iter(script) for _ in range(8)]
    got = [item for turn in turns if (item := next(clients[turn], None)) is not None]
    assert got == numbered(min(attempts, len(turns)))
    assert script.taken == len(got)
    assert script.fates() == bytes([Fate.OK] * len(got) + [Fate.NOT_TAKEN] * (attempts - len(got)))


@given(attempts=st.integers(1, 20), taken=st.integers(0, 60))
def test_a_repeating_script_starts_over(attempts: int, taken: int) -> None:
    """After the last item comes the first again; what was taken is one turn."""
    script = Script(numbered(attempts), repeat=True)
    assert list(islice(script, taken)) == [(0, (n % attempts,)) for n in range(taken)]
    assert script.taken == attempts


@given(data=st.data(), attempts=st.integers(1, 30))
def test_attempts_that_went_wrong_are_known_by_number(data: st.DataObject, attempts: int) -> None:
    """Every item has the fate that was noted for it, whatever the order; the others of those taken are ok."""
    taken = data.draw(st.integers(1, attempts))
    wrong = data.draw(st.lists(st.integers(0, taken - 1), unique=True))
    fates = {n: data.draw(st.sampled_from([Fate.NOT_TAKEN, Fate.FAILED, Fate.IN_DOUBT])) for n in wrong}
    script = Script(numbered(attempts))
    items = list(islice(script, taken))
    for n, fate in fates.items():
        if fate is Fate.NOT_TAKEN:
            script.give_back(items[n])
        else:
            script.fail(items[n], in_doubt=fate is Fate.IN_DOUBT)
    expected = [fates.get(n, Fate.OK) for n in range(taken)] + [Fate.NOT_TAKEN] * (attempts - taken)
    assert list(script.fates()) == expected
    assert script.taken == taken - len(with_fate(script, Fate.NOT_TAKEN)) + (attempts - taken)


def test_equal_items_are_told_apart() -> None:
    """An attempt is known by the very tuple it was given, not by what is in it."""
    items: list[Item] = [(0, (n,)) for n in (7, 7, 7)]
    script = Script(items)
    _, second, _ = script
    script.fail(second, in_doubt=False)
    assert gone_wrong(script) == ([1], [])


@pytest.mark.parametrize("in_doubt", [True, False])
def test_a_repeating_script_keeps_no_failures(in_doubt: bool) -> None:
    """Its rows are not used up, so nobody asks which they were."""
    script = Script(numbered(3), repeat=True)
    item = next(iter(script))
    script.fail(item, in_doubt=in_doubt)
    script.give_back(item)
    assert script.fates() == bytes([Fate.NOT_TAKEN] * 3)
    assert script.taken == 3

"""Claims of several load processes on the rows of one round."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.engine.phase_rows import join_claims
from perfengine.model.rows import Claims, Fate

FATES = st.sampled_from(list(Fate))


def claims(fates: list[Fate]) -> Claims:
    """Return the claims of one load process on an operation's rows."""
    return Claims(first_row=40, per_attempt=3, fates=bytes(fates))


@given(fates=st.lists(FATES, max_size=40), processes=st.integers(1, 5), data=st.data())
def test_every_attempt_keeps_what_became_of_it(
    fates: list[Fate], processes: int, data: st.DataObject
) -> None:
    """Each was taken by one process at most, whichever it was; the others know nothing of it."""
    owners = [data.draw(st.integers(0, processes - 1)) for _ in fates]
    parts = [
        [fate if owner == process else Fate.NOT_TAKEN for fate, owner in zip(fates, owners, strict=True)]
        for process in range(processes)
    ]
    joined = join_claims({"order_create": claims(part)} for part in parts)
    assert joined == {"order_create": claims(fates)}


def test_operations_are_joined_by_name() -> None:
    """One that only some processes have claims of as well; and no claims are none."""
    ok, failed = claims([Fate.OK]), claims([Fate.FAILED])
    assert join_claims([{"a": ok}, {"b": failed}, {}]) == {"a": ok, "b": failed}
    assert join_claims([]) == {}


def test_the_last_row_is_that_of_the_last_attempt() -> None:
    """Three rows an attempt, handed out or not; none without attempts."""
    assert claims([Fate.OK, Fate.NOT_TAKEN]).last_row == 40 + 2 * 3 - 1
    assert claims([]).last_row == 39

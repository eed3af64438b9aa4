"""What must be true of every phase, whatever the server does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.outcome import Outcome
from tests.doubles.target import Act, Lose, Refuse, Reply
from tests.unit.execution.crews import make_rig

if TYPE_CHECKING:
    from perfengine.model.measurement import Measurement

pytestmark = pytest.mark.anyio

durations = st.integers(1, 2_000_000_000)
OUTCOMES: dict[str, Outcome] = {
    "23514": Outcome.REFUSED,
    "P0001": Outcome.REFUSED,
    "40001": Outcome.ERROR,
    "22012": Outcome.ERROR,
    "57014": Outcome.TIMEOUT,
}
OK_ROWS = Reply().rows
replies = st.builds(Reply, takes_ns=durations)
acts = st.one_of(
    replies,
    replies,
    st.builds(Reply, rows=st.just(((None,),)), takes_ns=durations),
    st.builds(Refuse, sqlstate=st.sampled_from(sorted(OUTCOMES)), takes_ns=durations),
    st.builds(Lose, takes_ns=durations),
)


def outcome_of(act: Act) -> Outcome:
    """Return how an attempt ends that meets this."""
    if isinstance(act, Refuse):
        return OUTCOMES[act.sqlstate]
    if isinstance(act, Lose):
        return Outcome.ERROR
    return Outcome.OK if isinstance(act, Reply) and act.rows == OK_ROWS else Outcome.REFUSED


def counted(measurement: Measurement) -> Counter[Outcome]:
    """Return the attempts by outcome."""
    counts = Counter({Outcome.OK: measurement.response.moments.count})
    for failure, count in measurement.failures.items():
        counts[failure.outcome] += count
    return counts


@given(clients=st.integers(1, 12), scripted=st.lists(acts, max_size=60), window_ns=st.none() | durations)
async def test_every_attempt_is_counted_once_and_as_what_it_was(
    clients: int, scripted: list[Act], window_ns: int | None
) -> None:
    """Attempts = ok + refused + error + timeout, due = attempts + unfinished, and the script agrees."""

    def behave(_: str, arguments: tuple[int, ...]) -> Act:
        return scripted[arguments[0]]

    rig = await make_rig(behave, clients=clients, attempts=len(scripted), window_ns=window_ns)
    measurement = await rig.measure()
    made = scripted[: rig.script.taken]
    assert [arguments[0] for arguments in sorted(rig.target.asked)] == list(range(len(made)))
    assert measurement.attempts == len(made)
    assert counted(measurement) == Counter(map(outcome_of, made))
    assert sum(second.due for second in measurement.seconds) == measurement.attempts + measurement.unfinished
    assert sum(second.ok for second in measurement.seconds) == measurement.response.moments.count
    failed, in_doubt = rig.script.positions()
    assert in_doubt == tuple(n for n, act in enumerate(made) if isinstance(act, Lose))
    bad = {n for n, act in enumerate(made) if outcome_of(act) is not Outcome.OK}
    assert set(failed) == bad - set(in_doubt)
    assert rig.target.opened == clients + len(in_doubt) or window_ns is not None
    assert len(rig.target.open_sessions) == clients

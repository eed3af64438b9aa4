"""What must be true of every round of a closed load, whatever the server does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.outcome import Outcome
from tests.doubles.target import Act, Lose, Refuse, Reply
from tests.examples import examples_a_loop
from tests.unit.execution.crews import asked_for, gone_wrong, make_rig

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


loops = st.sampled_from(["held", "shared", "users"])


@examples_a_loop
@given(
    clients=st.integers(1, 12),
    scripted=st.lists(acts, max_size=60),
    window_ns=st.none() | durations,
    loop=loops,
    data=st.data(),
)
async def test_every_attempt_is_counted_once_and_as_what_it_was(
    clients: int, scripted: list[Act], window_ns: int | None, loop: str, data: st.DataObject
) -> None:
    """Attempts = ok + refused + error + timeout, due = attempts + unfinished, and the script agrees."""

    def behave(_: str, arguments: tuple[int, ...]) -> Act:
        return scripted[arguments[0]]

    connections = data.draw(st.integers(1, clients)) if loop == "shared" else clients
    rig = await make_rig(
        behave, clients=clients, connections=connections, attempts=len(scripted), window_ns=window_ns
    )
    measurement = await (rig.loop() if loop == "held" else rig.live())
    made = scripted[: rig.script.taken]
    assert sorted(rig.target.asked) == asked_for(len(made))
    assert measurement.attempts == len(made)
    assert counted(measurement) == Counter(map(outcome_of, made))
    assert sum(second.due for second in measurement.seconds) == measurement.attempts + measurement.unfinished
    assert sum(second.ok for second in measurement.seconds) == measurement.response.moments.count
    failed, in_doubt = gone_wrong(rig.script)
    assert in_doubt == [n for n, act in enumerate(made) if isinstance(act, Lose)]
    assert set(failed) | set(in_doubt) == {
        n for n, act in enumerate(made) if outcome_of(act) is not Outcome.OK
    }
    assert rig.target.opened == connections + len(in_doubt)
    assert len(rig.target.open_sessions) == connections


@examples_a_loop
@given(scripted=st.lists(acts, min_size=1, max_size=40), clients=st.integers(2, 6))
async def test_the_parts_add_up_to_the_whole(scripted: list[Act], clients: int) -> None:
    """Of ok attempts, in all: response = lateness + pool wait + service; in the closed model nothing is late."""
    rig = await make_rig(
        lambda _, given: scripted[given[0]], clients=clients, connections=clients - 1, attempts=len(scripted)
    )
    measured = await rig.live()
    whole, parts = measured.response, (measured.lateness, measured.pool_wait, measured.service)
    assert whole.moments.total == sum(part.moments.total for part in parts)
    assert {part.moments.count for part in parts} == {whole.moments.count}
    assert measured.lateness.moments.maximum == 0

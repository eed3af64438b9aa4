"""An attempt that is tried again: one attempt, one latency, and every try that is followed by another is a retry."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Outcome
from perfengine.model.transaction import Argument, Retry, StatementStep
from tests.doubles.target import Act, Hang, Lose, Refuse, Reply
from tests.examples import examples_a_loop
from tests.unit.execution.crews import PATIENCE, beside, gone_wrong, wait_until
from tests.unit.execution.transactions import (
    FIND,
    TAKE,
    by_statement,
    make_transaction_rig,
    statements,
    transacting,
)

pytestmark = pytest.mark.anyio

SERIALIZATION, DEADLOCK, CHECK = "40001", "40P01", "23514"
TAKEN = Reply(rows=(), tag="UPDATE 1")


async def test_a_try_that_fails_is_followed_by_another() -> None:
    """Rolled back and begun anew with the same arguments; the latency spans both, and the pause between them."""
    rig = await make_transaction_rig(
        by_statement(UPDATE=[Refuse(sqlstate=SERIALIZATION), TAKEN]),
        transacting(retry=Retry(max_retries=3, backoff_ns=1_000_000)),
    )
    measurement = await rig.loop()
    tries = ["BEGIN", FIND, TAKE, "ROLLBACK", "BEGIN", FIND, TAKE, "COMMIT"]
    assert statements(rig) == tries
    assert [given for sql, given in rig.target.said if sql == TAKE] == [(7, 100)] * 2
    assert (measurement.attempts, measurement.failures) == (1, {})
    assert measurement.response.moments.total == 8 * TAKEN.takes_ns + 1_000_000
    assert (measurement.retries, measurement.retried) == ({SERIALIZATION: 1}, 1)


@examples_a_loop
@given(
    codes=st.lists(st.sampled_from([SERIALIZATION, DEADLOCK, CHECK]), max_size=8),
    max_retries=st.integers(0, 5),
    attempts=st.integers(1, 6),
)
async def test_tries_are_counted_as_they_end(codes: list[str], max_retries: int, attempts: int) -> None:
    """A retry a try that is followed by another, by SQLSTATE; retried an attempt that was ok after one."""
    rig = await make_transaction_rig(
        by_statement(UPDATE=[*(Refuse(sqlstate=code) for code in codes), TAKEN]),
        transacting(retry=Retry(max_retries=max_retries)),
        attempts=attempts,
    )
    measurement = await rig.loop()
    left = iter([*codes, *[None] * attempts])
    retries, failed, retried = Counter[str](), Counter[str](), 0
    for _ in range(attempts):
        tries = 0
        while (code := next(left)) is not None and code != CHECK and tries < max_retries:
            retries[code] += 1
            tries += 1
        if code is None:
            retried += tries > 0
        else:
            failed[code] += 1
    assert measurement.retries == retries
    assert measurement.retried == retried
    assert {failure.sqlstate: n for failure, n in measurement.failures.items()} == failed
    assert measurement.attempts == attempts
    assert statements(rig).count("BEGIN") == attempts + retries.total()


async def test_only_what_is_listed_is_tried_again() -> None:
    """Neither another SQLSTATE, nor a reply that is not as expected, nor a lost connection."""
    expecting = StatementStep(
        sql=TAKE, bindings=(Argument(position=0),), expectation=Expectation(success=Success.AFFECTED)
    )
    acts: list[Act] = [
        Refuse(sqlstate=DEADLOCK),
        Refuse(sqlstate=SERIALIZATION),
        Reply(rows=(), tag="UPDATE 0"),
        Lose(),
        TAKEN,
    ]
    rig = await make_transaction_rig(
        by_statement(UPDATE=acts),
        transacting(steps=(expecting,), retry=Retry(sqlstates=frozenset({DEADLOCK}), max_retries=9)),
        attempts=4,
    )
    measurement = await rig.loop()
    assert (measurement.retries, measurement.retried) == ({DEADLOCK: 1}, 0)
    classes = [failure.error_class for failure in measurement.failures]
    assert sorted(classes) == ["connection_lost", "reply", "retryable"]
    assert (measurement.attempts, measurement.response.moments.count) == (4, 1)


async def test_the_last_try_is_what_the_attempt_comes_to() -> None:
    """Counted once, timed from the first try on, and its row is free."""
    rig = await make_transaction_rig(
        by_statement(UPDATE=Refuse(sqlstate=DEADLOCK)), transacting(retry=Retry(max_retries=2))
    )
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    assert (failure.sqlstate, failure.outcome, count) == (DEADLOCK, Outcome.ERROR, 1)
    assert (measurement.retries, measurement.retried) == ({DEADLOCK: 2}, 0)
    assert measurement.failed_response.moments.total == 3 * 4 * TAKEN.takes_ns
    assert gone_wrong(rig.script) == ([0], [])


@examples_a_loop
@given(backoff_ns=st.integers(0, 10**9), share=st.floats(0.5, 1.0), tries=st.integers(1, 6))
async def test_the_back_off_doubles(backoff_ns: int, share: float, tries: int) -> None:
    """Before retry n it is 2^(n - 1) times the first, of which a share is waited; without one nobody waits."""
    rig = await make_transaction_rig(
        by_statement(UPDATE=[*[Refuse(sqlstate=SERIALIZATION)] * tries, TAKEN]),
        transacting(retry=Retry(max_retries=tries, backoff_ns=backoff_ns)),
        backoff_share=share,
    )
    measurement = await rig.loop()
    waited = [int(backoff_ns * 2**n * share) for n in range(tries)] if backoff_ns else []
    assert rig.asleep_ns == waited
    assert measurement.response.moments.total == 4 * (tries + 1) * TAKEN.takes_ns + sum(waited)


async def test_the_back_off_begins_anew_with_each_attempt() -> None:
    """As do the tries that are left."""
    fail = Refuse(sqlstate=SERIALIZATION)
    rig = await make_transaction_rig(
        by_statement(UPDATE=[fail, fail, TAKEN, fail, TAKEN]),
        transacting(retry=Retry(max_retries=2, backoff_ns=100)),
        attempts=2,
    )
    measurement = await rig.loop()
    assert rig.asleep_ns == [100, 200, 100]
    assert (measurement.attempts, measurement.retried, measurement.failures) == (2, 2, {})


async def test_a_commit_that_is_refused_is_tried_again() -> None:
    """Serializable transactions fail there; the server has rolled it back itself."""
    rig = await make_transaction_rig(
        by_statement(COMMIT=[Refuse(sqlstate=SERIALIZATION), Reply()]),
        transacting(retry=Retry(max_retries=1)),
    )
    measurement = await rig.loop()
    assert "ROLLBACK" not in statements(rig)
    assert (measurement.attempts, measurement.failures, measurement.retried) == (1, {}, 1)


async def test_a_lone_statement_is_tried_again_without_a_rollback() -> None:
    """It was its own transaction."""
    lone = StatementStep(sql=TAKE, bindings=(Argument(position=0),))
    rig = await make_transaction_rig(
        by_statement(UPDATE=[Refuse(sqlstate=DEADLOCK), TAKEN]),
        transacting(steps=(lone,), explicit=False, retry=Retry(max_retries=1)),
    )
    measurement = await rig.loop()
    assert statements(rig) == [TAKE, TAKE]
    assert (measurement.retried, measurement.response.moments.total) == (1, 2 * TAKEN.takes_ns)


async def test_values_are_captured_anew_by_each_try() -> None:
    """Another row may be found the second time."""
    found: list[Any] = []

    def behave(sql: str, given: tuple[Any, ...]) -> Act:
        if sql == FIND:
            found.append(len(found))
            return Reply(rows=({"key": found[-1]},))
        return Refuse(sqlstate=SERIALIZATION) if sql == TAKE and given[0] == 0 else TAKEN

    rig = await make_transaction_rig(behave, transacting(retry=Retry(max_retries=1)))
    await rig.loop()
    assert [given for sql, given in rig.target.said if sql == TAKE] == [(0, 100), (1, 100)]


async def test_an_expected_refusal_after_a_retry_was_retried() -> None:
    """It is ok as any other attempt that was ok in the end."""
    refused = Expectation(success=Success.REFUSED, sqlstate=CHECK)
    operation = replace(transacting(retry=Retry(max_retries=1)), expectation=refused)
    rig = await make_transaction_rig(
        by_statement(UPDATE=[Refuse(sqlstate=DEADLOCK), Refuse(sqlstate=CHECK)]), operation
    )
    measurement = await rig.loop()
    assert (measurement.attempts, measurement.failures) == (1, {})
    assert (measurement.retries, measurement.retried) == ({DEADLOCK: 1}, 1)


async def test_an_attempt_that_is_cut_off_takes_its_tries_with_it() -> None:
    """It counts for nothing, and neither do they; those of the attempt before it do."""
    fail = Refuse(sqlstate=DEADLOCK)
    rig = await make_transaction_rig(
        by_statement(UPDATE=[fail, TAKEN, fail, Hang()]),
        transacting(retry=Retry(max_retries=3)),
        attempts=2,
    )
    async with beside(rig.loop) as phase:
        await wait_until(rig.target.hanging.is_set)
        phase.cancel()
    measured = rig.measured
    assert (measured.attempts, measured.unfinished) == (1, 1)
    assert (measured.retries, measured.retried) == ({DEADLOCK: 1}, 1)


async def test_an_attempt_that_gets_no_answer_keeps_its_tries() -> None:
    """It timed out, and was tried again before."""
    acts = by_statement(UPDATE=[Refuse(sqlstate=DEADLOCK), Hang()])
    rig = await make_transaction_rig(acts, transacting(retry=Retry(max_retries=3)))
    async with beside(rig.loop) as phase:
        await wait_until(rig.target.hanging.is_set)
        rig.clock.advance(PATIENCE.answer_ns + 1)
        await wait_until(lambda: phase.finished)
    ((failure, count),) = rig.measured.failures.items()
    assert (failure.error_class, count) == ("no_answer", 1)
    assert (rig.measured.retries, rig.measured.retried) == ({DEADLOCK: 1}, 0)

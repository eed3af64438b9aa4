"""Messages between a run and its load process."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings
from perfengine.engine.frames import read_frame, to_frame
from perfengine.engine.messages import (
    Blame,
    DealRound,
    Dealt,
    Introduction,
    Leave,
    Left,
    MeasureRound,
    RoundDone,
    Shard,
    Stop,
    TakeOn,
    Trouble,
    WarmedUp,
)
from perfengine.errors import InternalError, PerfengineError, TargetError, UsageError
from perfengine.model.rows import Claims, Fate
from tests.entities import compile_entities, make_order

values = st.recursive(st.none() | st.integers() | st.text() | st.binary(), st.lists, max_leaves=20)


async def read_all(data: bytes) -> list[Any]:
    """Return the messages of a pipe, up to its end."""
    pipe = asyncio.StreamReader()
    pipe.feed_data(data)
    pipe.feed_eof()
    messages = []
    while True:
        try:
            messages.append(await read_frame(pipe.readexactly))
        except asyncio.IncompleteReadError:
            return messages


@given(messages=st.lists(values, max_size=8))
def test_messages_arrive_as_they_were_sent(messages: list[Any]) -> None:
    """In order and whole, whatever they are."""
    assert asyncio.run(read_all(b"".join(map(to_frame, messages)))) == messages


def test_a_message_may_be_large() -> None:
    """A plan with its candidates is."""
    messages = [bytes(3_000_000), "after it"]
    assert asyncio.run(read_all(b"".join(map(to_frame, messages)))) == messages


@given(value=values, cut=st.integers(1))
def test_a_pipe_that_ends_inside_a_message_says_so(value: Any, cut: int) -> None:
    """A message is read whole or not at all."""
    frame = io.BytesIO(to_frame(value)[:-1][: cut % len(to_frame(value))])

    async def read_exactly(size: int) -> bytes:
        data = frame.read(size)
        if len(data) < size:
            raise asyncio.IncompleteReadError(data, size)
        return data

    with pytest.raises(asyncio.IncompleteReadError):
        asyncio.run(read_frame(read_exactly))


def test_everything_that_a_run_says_can_be_sent() -> None:
    """Plan, settings and address, the password with it."""
    plan = compile_entities(make_order())
    messages = [
        Introduction(
            index=1,
            address=address_of("postgresql://me:s3cret@db/app", "--dsn", {}),
            settings=SessionSettings(run_id="0badcafe", schema="perfengine_0badcafe"),
            tables=plan.tables,
            data_rows=plan.data_rows,
            seed=plan.seed,
            anchor=datetime(2026, 11, 23, tzinfo=UTC),
        ),
        *(
            TakeOn(phase=phase, shards=2, connections=8, rule_values={}, limits_ns={phase.name: (1, 2)})
            for phase in plan.phases
        ),
        DealRound(number=3, attempts=100),
        MeasureRound(window_ns=None, begin_ns=7, elapsed_ns=5, first_arrival=1),
        Leave(),
        Stop(),
    ]
    assert asyncio.run(read_all(b"".join(map(to_frame, messages)))) == messages


def test_everything_that_it_hears_can_be_sent() -> None:
    """Answers, with what became of each row, and what went wrong."""
    claims = {"order_create": Claims(first_row=3, per_attempt=2, fates=bytes([Fate.OK, Fate.IN_DOUBT]))}
    messages = [
        WarmedUp(attempts={"order_create": 6}, failures={"order_create": 1}, claims=claims),
        Dealt(),
        RoundDone(claims=claims, taken=2, elapsed_ns=10, lost="the server was lost"),
        Left(trouble="RuntimeError: no"),
        *(Trouble(message="no", blame=blame) for blame in Blame),
    ]
    assert asyncio.run(read_all(b"".join(map(to_frame, messages)))) == messages


@pytest.mark.parametrize(
    ("blame", "kind"),
    [(Blame.TARGET, TargetError), (Blame.USER, UsageError), (Blame.US, InternalError)],
)
def test_trouble_says_who_must_act(blame: Blame, kind: type[PerfengineError]) -> None:
    """By the kind of the exception, which decides about the exit code."""
    error = Trouble(message="no answer", blame=blame).as_exception()
    assert (type(error), str(error)) == (kind, "no answer")


@given(whole=st.integers(0, 5000), count=st.integers(1, 8))
def test_the_parts_of_all_shards_are_the_whole(whole: int, count: int) -> None:
    """And none has two more than another."""
    parts = [Shard(index=index, count=count).part_of(whole) for index in range(count)]
    assert sum(parts) == whole
    assert max(parts) - min(parts) <= 1

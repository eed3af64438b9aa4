"""Connections that clients take turns for: first come, first served, and none is ever lost."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.link import Link
from perfengine.execution.pool import Pool
from tests.doubles.clock import FakeClock
from tests.doubles.target import FakeSession, FakeTarget
from tests.examples import examples_a_loop

pytestmark = pytest.mark.anyio


def make_links(count: int) -> list[Link]:
    """Return so many links, on a server that nobody asks."""
    return [Link(FakeSession(FakeTarget(FakeClock())), ()) for _ in range(count)]


def pool_of(*links: Link) -> Pool:
    """Return a pool in which these are free."""
    pool = Pool()
    for link in links:
        pool.give(link)
    return pool


async def test_a_free_link_is_had_at_once() -> None:
    """The one that has been free for longest comes first: all of them are used."""
    first, second = make_links(2)
    pool = pool_of(first, second)
    assert await pool.take() is first
    pool.give(first)
    assert await pool.take() is second
    assert await pool.take() is first


@examples_a_loop
@given(clients=st.integers(1, 20), links=st.integers(1, 5), turns=st.integers(1, 6))
async def test_nobody_starves(clients: int, links: int, turns: int) -> None:
    """Who waits is served in order: between two turns of a client every other has one, or has it beside it."""
    made = make_links(links)
    pool = pool_of(*made)
    served: list[int] = []
    in_use: set[int] = set()

    async def work(client: int) -> None:
        for _ in range(turns):
            link = await pool.take()
            assert id(link) not in in_use
            in_use.add(id(link))
            served.append(client)
            await checkpoint()
            in_use.remove(id(link))
            pool.give(link)

    async with anyio.create_task_group() as tasks:
        for client in range(clients):
            tasks.start_soon(work, client)
    for client in range(clients):
        places = [n for n, one in enumerate(served) if one == client]
        assert len(places) == turns
        assert all(after - before >= min(clients - links, 1) for before, after in pairwise(places))
        assert all(after - before <= clients + links for before, after in pairwise(places))


@pytest.mark.parametrize("turn_came", [False, True])
async def test_who_is_cut_off_while_waiting_passes_the_turn_on(turn_came: bool) -> None:
    """Before the turn came as well as in the very moment it did: the link goes to the next in line."""
    (link,) = make_links(1)
    pool = pool_of(link)
    held = await pool.take()
    cut_off, next_in_line = (asyncio.ensure_future(pool.take()) for _ in range(2))
    await checkpoint()
    if not turn_came:
        cut_off.cancel()
        await checkpoint()
    pool.give(held)
    cut_off.cancel()
    assert await next_in_line is link
    assert cut_off.cancelled()


@examples_a_loop
@given(
    waiters=st.integers(1, 8),
    cut=st.sets(st.integers(0, 7)),
    before=st.booleans(),
    links=st.integers(1, 3),
)
async def test_no_link_is_lost_with_a_waiter(waiters: int, cut: set[int], before: bool, links: int) -> None:
    """Whoever is cut off, and when: afterwards every link can be taken again."""
    made = make_links(links)
    pool = pool_of(*made)
    held = [await pool.take() for _ in made]
    scopes: list[anyio.CancelScope] = []

    async def wait() -> None:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            pool.give(await pool.take())

    async with anyio.create_task_group() as tasks:
        for _ in range(waiters):
            tasks.start_soon(wait)
        await checkpoint()
        await checkpoint()
        if before:
            for number in cut & set(range(waiters)):
                scopes[number].cancel()
        for link in held:
            pool.give(link)
        for number in cut & set(range(waiters)):
            scopes[number].cancel()
    again = []
    with anyio.fail_after(20):
        again = [await pool.take() for _ in made]
    assert {id(link) for link in again} == {id(link) for link in made}

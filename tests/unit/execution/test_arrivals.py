"""What a client is given next, from the schedule or from those who wait; and what is dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from perfengine.execution.arrivals import DRAIN_NS, Arrivals
from perfengine.execution.window import NEVER_NS, Window
from tests.doubles.clock import FakeClock
from tests.unit.execution.crews import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.execution.arrivals import Arrival


@dataclass
class Desk:
    """Where clients ask for arrivals, one after the other."""

    due_ns: Iterable[int]
    clients: int = 1
    waiting: int | None = None
    attempts: int = 100
    end_ns: int = NEVER_NS
    dropped: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock, self.window = FakeClock(0), Window(self.end_ns)
        self.items = iter(numbered(self.attempts))
        self.arrivals = Arrivals(
            iter(self.due_ns),
            self.items,
            clock=self.clock,
            window=self.window,
            drop=self._drop,
            clients=self.clients,
            waiting=self.waiting,
        )

    def _drop(self, arrival: Arrival) -> None:
        self.dropped.append(arrival[0])

    def ask(self, now_ns: int) -> int | None:
        """Return when the arrival is due that a client gets who asks now; None: it may go."""
        self.clock.now_ns = now_ns
        arrival = self.arrivals.take()
        return None if arrival is None else arrival[0]


def test_clients_that_wait_get_what_is_due_later() -> None:
    """One arrival each, in order; nothing of the schedule is drawn but the next."""
    schedule = iter(range(10, 60, 10))
    desk = Desk(schedule, clients=3)
    assert [desk.ask(0) for _ in range(3)] == [10, 20, 30]
    assert list(schedule) == [50]
    assert (desk.arrivals.next_due_ns, desk.arrivals.taken) == (40, 3)


def test_what_is_late_comes_in_its_order() -> None:
    """Without a limit everything waits, however long."""
    desk = Desk(range(10, 60, 10))
    assert [desk.ask(now_ns) for now_ns in (0, 1_000, 1_001, 2_000, 2_000, 2_000)] == [
        10,
        20,
        30,
        40,
        50,
        None,
    ]
    assert desk.dropped == []


@pytest.mark.parametrize(
    ("waiting", "taken", "dropped"),
    [(0, [10, 80], [20, 30, 40, 50, 60, 70]), (2, [10, 20, 30], [40, 50, 60, 70]), (6, [10, 20, 30], [])],
)
def test_only_so_many_may_wait(waiting: int, taken: list[int], dropped: list[int]) -> None:
    """While the only client is busy from 10 to 70, the first wait, as far as there is room; the rest is dropped."""
    desk = Desk(range(10, 90, 10), waiting=waiting)
    assert [desk.ask(0), *(desk.ask(70) for _ in taken[1:])] == taken
    assert desk.dropped == dropped


def test_who_arrives_in_the_very_moment_a_client_is_free_finds_it_busy() -> None:
    """And is dropped where nobody may wait: at an instant of the clock arrivals come before departures."""
    desk = Desk([10, 70, 71], waiting=0)
    assert [desk.ask(0), desk.ask(70)] == [10, 71]
    assert desk.dropped == [70]


def test_clients_that_have_not_asked_yet_are_free() -> None:
    """A round that begins late drops nothing for which there is a client."""
    desk = Desk([1, 2, 3, 4, 5], clients=3, waiting=1)
    assert [desk.ask(50) for _ in range(3)] == [1, 2, 3]
    assert desk.ask(51) == 4
    assert desk.dropped == [5]


def test_nothing_is_taken_that_is_due_after_the_window() -> None:
    """It is drawn, and left: nobody has to account for it but the script."""
    desk = Desk([10, 20, 30], end_ns=20)
    assert [desk.ask(0), desk.ask(15)] == [10, None]
    assert desk.arrivals.leave() == (0, (1,))
    assert desk.arrivals.leave() is None
    assert (desk.arrivals.taken, desk.dropped) == (1, [])


def test_what_was_due_may_be_begun_until_the_drain_is_over() -> None:
    """To the nanosecond; then nobody gets anything, and the rest is dropped, those that waited first."""
    desk = Desk([10, 20, 30, 40, 50], end_ns=45, waiting=2)
    last_ns = 45 + DRAIN_NS
    assert [desk.ask(0), desk.ask(30), desk.ask(last_ns), desk.ask(last_ns + 1)] == [10, 20, 30, None]
    desk.arrivals.drop_rest(last_ns + 1)
    assert sorted(desk.dropped) == [40]
    assert desk.arrivals.taken == 4


def test_a_round_that_is_cut_off_drops_what_was_due_by_then() -> None:
    """What lies in the future was not due."""
    desk = Desk([10, 20, 30, 40, 50], end_ns=1_000, waiting=1)
    assert [desk.ask(0), desk.ask(20)] == [10, 20]
    desk.arrivals.drop_rest(40)
    assert desk.dropped == [30]
    assert (desk.arrivals.taken, desk.arrivals.next_due_ns) == (3, 40)


@pytest.mark.parametrize("attempts", [0, 1, 2])
def test_the_end_of_the_attempts_is_the_end(attempts: int) -> None:
    """The schedule says where it goes on, with an attempt or without."""
    desk = Desk([10, 20, 30], attempts=attempts)
    taken = [due_ns for _ in range(3) if (due_ns := desk.ask(0)) is not None]
    assert taken == [10, 20][:attempts]
    assert desk.arrivals.next_due_ns == 10 * (attempts + 1)
    assert desk.arrivals.leave() is None


def test_the_end_of_the_schedule_is_the_end_too() -> None:
    """As with the last stage of a load."""
    desk = Desk([10])
    assert [desk.ask(0), desk.ask(10), desk.ask(20)] == [10, None, None]
    assert desk.arrivals.next_due_ns == NEVER_NS
    assert next(desk.items) == (0, (1,))

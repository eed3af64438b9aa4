"""How a canary moved, when that withholds a verdict, and what is said of it."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from perfengine.comparison.canary import CANARY_BAND, canary_notes, canary_shift, why_withheld
from perfengine.model.canary import Canary, CanaryShift, CanarySlice
from perfengine.model.comparison import Effect
from perfengine.model.fingerprint import Subject

Sessions = list[list[Canary]]


def made(level: float = 0.0, *, noise: float = 0.0, slices: int = 2, seed: int = 1) -> Canary:
    """Return a canary of slices of five batches, at a log ratio to 300 us, with noise from batch to batch."""
    rng = np.random.default_rng(seed)
    return Canary(
        slices=tuple(
            CanarySlice(
                measured_ns=number,
                cpu_ns=tuple((250e3 * np.exp(level + rng.normal(0, noise, 5))).tolist()),
                round_trip_ns=(50e3 * exp(level),) * 5,
            )
            for number in range(slices)
        )
    )


def moved(before: Sessions, after: Sessions, *subjects: Subject) -> CanaryShift:
    """Return the shift between two sides that have canaries."""
    found = canary_shift(before, after, 0.99, subjects)
    assert found is not None
    return found


def shift_of(value: float, half_width: float, allowed: float = CANARY_BAND) -> CanaryShift:
    """Return a shift with its doubt."""
    effect = Effect(shift=value, lower=value - half_width, upper=value + half_width)
    return CanaryShift(effect=effect, allowed=allowed)


def test_what_moved_is_both_pieces_of_work() -> None:
    """The additions and the round trip together, of means of logarithms; what does not vary leaves no doubt."""
    found = moved([[made(0.0)]], [[made(0.04)]])
    assert (found.effect.shift, found.effect.half_width) == pytest.approx((0.04, 0.0), abs=1e-12)


def test_sessions_count_once() -> None:
    """Three runs of one session weigh as much as the one of another."""
    found = moved([[made(0.0), made(0.0), made(0.0)], [made(0.06)]], [[made(0.0)]])
    assert found.effect.shift == pytest.approx(-0.03)


def test_more_slices_are_surer() -> None:
    """The doubt is that of batches: with four times as many it is half, and holds the truth."""
    few = [moved([[made(seed=n, noise=0.02)]], [[made(seed=n + 500, noise=0.02)]]) for n in range(200)]
    many = [
        moved([[made(seed=n, noise=0.02, slices=8)]], [[made(seed=n + 500, noise=0.02, slices=8)]])
        for n in range(200)
    ]
    widths = [np.mean([each.effect.half_width for each in found]) for found in (few, many)]
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.1)
    assert sum(not each.effect.excludes_zero for each in (*few, *many)) >= 390


@pytest.mark.parametrize("side", [[], [[]], [[made(slices=1)]]], ids=["no run", "no canary", "one slice"])
def test_nothing_to_compare(side: Sessions) -> None:
    """Without a canary that knows how it moves on both sides there is no shift."""
    assert canary_shift(side, [[made()]], 0.99) is None
    assert canary_shift([[made()]], side, 0.99) is None


def test_what_sessions_differ_by_is_allowed() -> None:
    """From three sessions on the farthest from their mean is added to the 3 %; two say nothing of that."""
    three = moved([[made(0.0)], [made(0.04)], [made(-0.04)]], [[made()]])
    two = moved([[made(0.04)], [made(-0.04)]], [[made()]])
    assert (three.allowed, two.allowed) == pytest.approx((CANARY_BAND + 0.04, CANARY_BAND))


@pytest.mark.parametrize(
    ("shift", "half_width", "why"),
    [
        (0.0, 0.01, ""),
        (0.005, 0.02, ""),
        (
            0.03,
            0.005,
            "the environment may have shifted: the canary changed by +2.5% to +3.6%, 3.0% is allowed",
        ),
        (-0.05, 0.01, "the environment has shifted: the canary changed by -5.8% to -3.9%, 3.0% is allowed"),
        (0.0, 0.04, ""),
        (0.2, 0.1, "the environment has shifted: the canary changed by +10.5% to +35.0%, 3.0% is allowed"),
    ],
    ids=["within", "surely within", "may be beyond", "beyond", "unsure", "unsure and beyond"],
)
def test_what_withholds(shift: float, half_width: float, why: str) -> None:
    """A canary that could tell must show that it is within; one that could not withholds what is surely beyond."""
    assert why_withheld(shift_of(shift, half_width), 3) == why


def test_what_does_not_withhold() -> None:
    """No canary, fewer than three sessions, or a server that is itself under test."""
    under_test = moved([[made(0.0)]] * 3, [[made(0.2)]], Subject.VERSION)
    assert why_withheld(None, 3) == ""
    assert why_withheld(shift_of(0.2, 0.01), 2) == ""
    assert why_withheld(under_test, 3) == ""
    assert why_withheld(moved([[made(0.0)]] * 3, [[made(0.2)]], Subject.SCHEMA), 3).startswith("the env")


@pytest.mark.parametrize(
    ("shift", "half_width", "notes"),
    [
        (0.001, 0.01, []),
        (0.015, 0.005, ["the canary shifted by +1.5%"]),
        (
            0.0,
            0.05,
            ["the canary does not tell whether the environment has shifted: it changed by -4.9% to +5.1%"],
        ),
        (
            0.06,
            0.01,
            [
                "the environment has shifted: the canary changed by +5.1% to +7.3%; a difference may come of that"
            ],
        ),
    ],
)
@pytest.mark.parametrize("sessions", [0, 1])
def test_notes(shift: float, half_width: float, sessions: int, notes: list[str]) -> None:
    """What is below 1 % is not worth a word; with few sessions, and in the plain formats, a shift is only said."""
    assert list(canary_notes(shift_of(shift, half_width), sessions)) == notes


def test_without_a_canary() -> None:
    """Sessions that decide by themselves should have one; with fewer nobody asks for it."""
    assert list(canary_notes(None, 3)) == ["no canary: a shift of the environment would look like a change"]
    assert list(canary_notes(None, 2)) == []


def withheld(ground: float, noise: float, shift: float) -> int:
    """Return how many of 300 comparisons of a run with three sessions are withheld.

    Sessions differ by `ground`, batches by `noise`, and the run is moved by `shift`.
    """
    rng, count = np.random.default_rng(5), 0
    for trial in range(300):
        *before, after = (
            [made(level, noise=noise, seed=int(rng.integers(1 << 31)) + trial)]
            for level in rng.normal(0, ground, 4) + np.array([0, 0, 0, shift])
        )
        count += bool(why_withheld(moved(before, [after]), 3))
    return count


def test_a_machine_that_is_quiet() -> None:
    """What does not move is compared in 97 of 100 cases, what moved by 6 % is withheld as often."""
    assert withheld(0.003, 0.01, 0.0) <= 9
    assert withheld(0.003, 0.01, log(1.06)) >= 291


def test_a_machine_that_is_noisy() -> None:
    """Where sessions differ by 5 %, and batches too, a comparison is withheld in 1 of 5 cases, not in most."""
    assert withheld(0.05, 0.05, 0.0) <= 60
    assert withheld(0.05, 0.05, log(1.5)) >= 285

"""Neighbours say nothing of each other: rows one after the other, and columns that share a digest."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from scipy.special import ndtr

from perfengine.datagen.generated import generated_values
from perfengine.datagen.values import column_values
from perfengine.model.entity import FieldType
from perfengine.model.generator import Distribution, Exponential, Normal, Uniform, Zipf
from tests.tables import ANCHOR, between, make_column, make_source, make_table
from tests.unit.datagen.chi_square import chi_square_p

DRAWS = 40_000
DISTRIBUTIONS: list[Distribution] = [
    Uniform(),
    Normal(mean=500, stdev=150),
    Exponential(mean=200),
    Zipf(s=0.6),
]
SOURCE = make_source(make_table("t"))


@cache  # several tests look at the same values
def values_of(distribution: Distribution) -> list[int]:
    """Return the values of consecutive attempts."""
    generator = replace(between(1, 1000), distribution=distribution)
    make = generated_values(SOURCE, generator, "s", ANCHOR)
    return [make(number) for number in range(DRAWS)]


def eighths(values: list[int]) -> list[int]:
    """Return in which eighth of the sorted values each value is, about."""
    ordered = sorted(values)
    bounds = [ordered[len(values) * n // 8] for n in range(1, 8)]
    return [sum(value > bound for bound in bounds) for value in values]


def dependence_p(one: list[int], other: list[int]) -> float:
    """Return the p-value of the serial test: 64 kinds of pairs, as often as the product of their shares."""
    pairs, ones, others = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    cells = [(a, b) for a in ones for b in others]
    shares = [float(ones[a] * others[b]) for a, b in cells]
    return chi_square_p([pairs[cell] for cell in cells], shares, fitted=len(ones) + len(others) - 2)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_serial(distribution: Distribution) -> None:
    """Pairs of neighbours are as frequent as chance makes them (Knuth, TAOCP 2, 3.3.2 B)."""
    cut = eighths(values_of(distribution))
    assert dependence_p(cut[::2], cut[1::2]) > 0.001


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_runs(distribution: Distribution) -> None:
    """Runs above and below the median are as many as chance makes them (Wald and Wolfowitz, 1940)."""
    values = values_of(distribution)
    median = sorted(values)[DRAWS // 2]
    sides = [value >= median for value in values]
    high = sum(sides)
    low = DRAWS - high
    runs = 1 + sum(a != b for a, b in itertools.pairwise(sides))
    mean = 2 * high * low / DRAWS + 1
    variance = (mean - 1) * (mean - 2) / (DRAWS - 1)
    z = (runs - mean) / variance**0.5
    assert 2 * ndtr(-abs(z)) > 0.001


def test_the_tests_see_dependence() -> None:
    """Values that carry over a little of their predecessor are found out."""
    values = values_of(Uniform())
    carried = eighths([b + a // 10 for a, b in itertools.pairwise(values)])
    assert dependence_p(carried[:-1:2], carried[1::2]) < 1e-6


def test_columns_of_a_row() -> None:
    """Columns that read words of one digest do not depend on each other."""
    columns = [
        make_column(f"n{n}", FieldType.INTEGER, replace(between(1, 1000), distribution=distribution))
        for n, distribution in enumerate(DISTRIBUTIONS)
    ]
    table = make_table("t", *columns)
    source = make_source(table)
    makers = [column_values(source, table, column, ANCHOR) for column in columns]
    cut = [eighths([make(index) for index in range(DRAWS)]) for make in makers]
    for n, one in enumerate(cut):
        for other in cut[:n]:
            assert dependence_p(one, other) > 0.001

"""Names, literals, numbers and the layout of statements, as text."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.generate.layout import WIDTH, laid_out
from perfengine.generate.literals import literal
from perfengine.generate.names import file_stem, identifier
from perfengine.generate.numbers_sql import number_sql
from perfengine.generate.python_file import quoted
from perfengine.model.generator import Exponential, Normal, Uniform, Zipf

if TYPE_CHECKING:
    from perfengine.model.generator import Distribution

BELL = "5.0 + 2.0 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"


@pytest.mark.parametrize("name", ["order", "order_item", "Order-2"])
def test_a_plain_name_stays(name: str) -> None:
    """In the names of files."""
    assert file_stem(name) == name


@given(st.text(min_size=1, max_size=63))
def test_every_name_becomes_a_file_and_a_function(name: str) -> None:
    """No directory, no option, no dot, nothing that a shell would read."""
    stem, word = file_stem(name), identifier(name)
    assert stem.isascii()
    assert stem.replace("_", "a").replace("-", "a").isalnum()
    assert not stem.startswith("-")
    assert f"test_{word}".isidentifier()
    assert len(word) <= 42


@given(st.text())
def test_python_reads_what_was_quoted(text: str) -> None:
    """Surrogates, quotes of both kinds, backslashes."""
    assert ast.literal_eval(quoted(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        (True, "true"),
        (7, "7"),
        (Decimal("0.010"), "0.010"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), "'NaN'"),
        (1.5, "1.5"),
        (float("inf"), "'inf'"),
        ("it's", "'it''s'"),
        (date(2024, 2, 29), "'2024-02-29'"),
        (datetime(2024, 2, 29, tzinfo=UTC), "'2024-02-29T00:00:00+00:00'"),
        (timedelta(days=30), "'30 days'"),
        (timedelta(seconds=90), "'90 seconds'"),
    ],
)
def test_literals(value: Any, text: str) -> None:
    """A reader knows them again."""
    assert literal(value) == text


@pytest.mark.parametrize(
    ("distribution", "low", "high", "digits", "text"),
    [
        (Uniform(), "10", "1010", 2, "round((10 + random() * 1000)::numeric, 2)"),
        (Uniform(), "0", "9", 0, "floor(random() * 10)"),
        (Uniform(), "-3", "3", 0, "(-3) + floor(random() * 7)"),
        (Uniform(), "5", "5", 0, "5"),
        (Uniform(), "0.125", "0.375", 2, "round((0.13 + random() * 0.24)::numeric, 2)"),
        (Uniform(), "-9e18", "9e18", 0, f"round((-9{'0' * 18}) + random()::numeric * 18{'0' * 18}, 0)"),
        (Uniform(), "1e18", "1e18", 0, f"1{'0' * 18}"),
        (Uniform(), "9e18", "9000000000000000007", 0, f"round(9{'0' * 18} + random()::numeric * 7, 0)"),
        (Uniform(), "9e13", "90000000000000.07", 2, f"round(9{'0' * 13} + random()::numeric * 0.07, 2)"),
        (Normal(mean=5.0, stdev=2.0), "0", "9", 0, f"round(least(greatest({BELL}, 0), 9))"),
        (Exponential(mean=2.0), "1", "5", 1, "round((least(1 - 2.0 * ln(1 - random()), 5))::numeric, 1)"),
        (Zipf(s=1.0), "1", "50", 0, "1 + (least(floor(power(51, random())), 50) - 1)"),
        (
            *(Normal(mean=5.0, stdev=2.0), "0", "9e18", 0),
            f"least(greatest(round(({BELL})::numeric, 0), 0), 9{'0' * 18})",
        ),
        (
            *(Zipf(s=1.0), "9e18", "9000000000000000007", 0),
            f"9{'0' * 18} + least(floor(power(9, random()))::numeric - 1, 7)",
        ),
    ],
)  # fmt: skip
def test_numbers(distribution: Distribution, low: str, high: str, digits: int, text: str) -> None:
    """Ranges end where the field's own steps do, also where a double precision says every 1024th number only."""
    assert number_sql(distribution, Decimal(low), Decimal(high), digits) == text


def test_a_short_statement_stays_on_its_line() -> None:
    """As it was written."""
    assert laid_out("SELECT 1 FROM t WHERE a AND b") == "SELECT 1 FROM t WHERE a AND b"


def test_a_long_statement_is_broken_at_its_clauses() -> None:
    """Never inside of quotes or parentheses."""
    first, second = f"\"{'a WHERE ' * 8}\" = ' AND , '", f"({'b AND ' * 8}c, d)"
    assert laid_out(f"SELECT count(*) FROM t WHERE {first} AND {second}").splitlines() == [
        "SELECT count(*)",
        "FROM t",
        f"WHERE {first}",
        f"  AND {second}",
    ]


def test_a_long_list_is_broken_after_commas() -> None:
    """And goes on further in."""
    names = ", ".join(f'"column {number}"' for number in range(20))
    lines = laid_out(f"INSERT INTO t ({names})", "  ").splitlines()
    assert len(lines) > 1
    assert all(len(line) <= WIDTH for line in lines)
    assert " ".join(line.strip() for line in lines) == f"INSERT INTO t ({names})"
    assert all(line.startswith("    ") for line in lines[1:])

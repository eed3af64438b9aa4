"""The helpers of an SQL file: `claim`, `benchmark` and `verify`, as text that a reader can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.generate.helper_texts import (
    BENCHMARK,
    CLAIM,
    FIGURES,
    INSERTING,
    OUTPUT,
    VERIFY,
    WARMUP,
)
from perfengine.generate.row_types import variable_type
from perfengine.generate.rows_sql import adder, maker
from perfengine.generate.workbench import dollar_quoted, key_type, state_of, states_of
from perfengine.model.operation import Group
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench


def helper_parts(bench: Workbench) -> Iterator[str]:
    """Yield the helpers that the benchmarks of a pattern need."""
    if bench.pattern is Group.VALIDATION:
        yield _inserting(bench)
        return
    yield _claims(bench)
    yield _claim(bench)
    yield _benchmark(bench)
    state, _ = state_of(bench.table)
    if state is not None:
        yield _verify(bench, state)


def _claimed(bench: Workbench) -> str:
    return bench.helper("claimed")


def _claims(bench: Workbench) -> str:
    return (
        "-- Which rows an iteration works on: each row belongs to one iteration and to no other.\n"
        f"CREATE TABLE {_claimed(bench)} (\n"
        "  benchmark text,\n"
        "  iteration integer,  -- up to 0: not measured\n"
        "  place integer,\n"
        f"  key {key_type(bench.table)} NOT NULL,\n"
        "  PRIMARY KEY (benchmark, iteration, place)\n"
        ");"
    )


def _claim(bench: Workbench) -> str:
    body = CLAIM.format(first=1 - WARMUP, claimed=_claimed(bench), adder=adder(bench, bench.table))
    return (
        "-- Stores new rows in these states, so many for each iteration: none runs out of them.\n"
        f"CREATE PROCEDURE {bench.helper('claim')}(\n"
        "  benchmark text, states text[], each integer, iterations integer\n"
        ")\n"
        f"LANGUAGE plpgsql AS {dollar_quoted(body)};"
    )


def _benchmark(bench: Workbench) -> str:
    body = BENCHMARK.format(
        key_type=key_type(bench.table), claimed=_claimed(bench), first=1 - WARMUP, figures=FIGURES
    )
    return (
        "-- Executes a statement so many times and says how long that took, in seconds. $1 of the\n"
        "-- statement is the keys that are claimed for the iteration: they are looked up before the\n"
        f"-- clock runs. {WARMUP} iterations go before, unmeasured.\n"
        f"CREATE FUNCTION {bench.helper('benchmark')}(\n{OUTPUT.format(more='')} AS {dollar_quoted(body)};"
    )


def _inserting(bench: Workbench) -> str:
    state = quote_literal("".join(states_of(bench.table)[:1]))
    body = INSERTING.format(
        row_type=variable_type(bench.table),
        maker=maker(bench, bench.table),
        state=state,
        first=1 - WARMUP,
        figures=FIGURES,
    )
    return (
        "-- Executes an INSERT so many times and says how long that took, in seconds. $1 of the\n"
        f"-- statement is a new row, made before the clock runs. {WARMUP} iterations go before, unmeasured.\n"
        "-- With refused_with the server must refuse the row with that SQLSTATE; the subtransaction\n"
        "-- around it is then measured, too.\n"
        f"CREATE FUNCTION {bench.helper('benchmark')}(\n"
        f"{OUTPUT.format(more=', refused_with text DEFAULT NULL')} AS {dollar_quoted(body)};"
    )


def _verify(bench: Workbench, state: str) -> str:
    body = VERIFY.format(
        claimed=_claimed(bench),
        table=quote_identifier(bench.table.name),
        key=quote_identifier(bench.table.key.name),
        state=quote_identifier(state),
    )
    return (
        "-- Fails unless every row that was claimed for a benchmark has come to that state.\n"
        f"CREATE PROCEDURE {bench.helper('verify')}(benchmark text, state text)\n"
        f"LANGUAGE plpgsql AS {dollar_quoted(body)};"
    )

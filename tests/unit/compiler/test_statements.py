"""The statements before and after the load."""

from __future__ import annotations

import pytest

from perfengine.errors import SpecError
from perfengine.model.mistake import Position
from perfengine.model.workload import SetupStatement, Workload
from tests.entities import HERE, compile_entities, make_order


def test_tables_are_quoted() -> None:
    """In SQL by their mark, after `analyze` by their names; the order stays."""
    workload = Workload(
        setup=(
            SetupStatement(position=HERE, sql="CREATE INDEX ON {{order}} (\"status\", '{{order}}')"),
            SetupStatement(position=HERE, analyze=("order", "customer")),
        ),
        teardown=(SetupStatement(position=HERE, sql="SELECT 1; SELECT a[1:2]::text"),),
    )
    plan = compile_entities(make_order(), workload=workload)
    assert plan.setup == (
        'CREATE INDEX ON "order" ("status", \'{{order}}\')',
        'ANALYZE "order", "customer"',
    )
    assert plan.teardown == ("SELECT 1; SELECT a[1:2]::text",)


def test_all_mistakes_are_told_at_once() -> None:
    """Unknown tables, parameters that nobody gives a value, open quotes."""

    def at(line: int) -> Position:
        return Position(path="order.yaml", line=line, column=7)

    workload = Workload(
        setup=(
            SetupStatement(position=at(1), sql="ANALYZE {{ordr}}"),
            SetupStatement(position=at(2), analyze=("order", "custmer")),
        ),
        teardown=(
            SetupStatement(position=at(3), sql="SELECT :x"),
            SetupStatement(position=at(4), sql="SELECT 'x"),
            SetupStatement(position=at(5), sql="CREATE TABLE t (a int); COPY t FROM stdin;"),
        ),
    )
    with pytest.raises(SpecError) as caught:
        compile_entities(make_order(), workload=workload)
    assert [(one.position.line, one.message, one.suggestion) for one in caught.value.mistakes] == [
        (1, 'unknown table "ordr"', "order"),
        (2, 'unknown table "custmer"', "customer"),
        (3, "a statement here has no parameters: :x", None),
        (4, "the text that begins at character 8 has no end", None),
        (5, "COPY FROM STDIN takes rows from the client, which sends none: write INSERT", None),
    ]

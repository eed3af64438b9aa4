"""A plan as text, SQL and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.model.entity import Field, FieldType
from perfengine.model.load import Stage
from perfengine.model.scenario import DataSet, Performance
from perfengine.model.settings import LoadSettings
from perfengine.report.plan import plan_as_json, render_plan_sql, render_plan_text
from perfengine.units import NS_PER_S
from tests.builders import make_operation
from tests.entities import compile_entities, make_entity, make_order
from tests.unit.report.plans import CLOSED, OPEN, PAY, make_mix_phase, make_mix_plan

if TYPE_CHECKING:
    from perfengine.model.plan import Plan
    from tests.conftest import Golden

#: The settings of the original document.
DOCUMENT = Performance(
    iterations=1000,
    concurrency=10,
    timeout_ns=300 * NS_PER_S,
    data_sets=(DataSet(name="small_dataset", rows={"order": 100, "customer": 10}),),
)


def order_plan() -> Plan:
    """Return the plan of the original document."""
    return compile_entities(make_order(), performance=DOCUMENT)


def test_the_text_shows_operations_in_order(golden: Golden) -> None:
    """Data set, tables, functions, each operation with SQL, parameters, load and rows, and what is left out."""
    golden("plan/order.txt", render_plan_text(order_plan()))


def test_the_script_is_ddl_and_prepared_statements(golden: Golden) -> None:
    """It can be read by psql; where it does so is tested on a server."""
    golden("plan/order.sql", render_plan_sql(order_plan()))


def test_the_json_holds_the_plan(golden: Golden) -> None:
    """It is plain JSON, times in seconds, every operation with its load or null."""
    golden("plan/order.json", json.dumps(plan_as_json(order_plan()), indent=2) + "\n")


def test_a_mix_and_own_operations(golden: Golden) -> None:
    """Settings, the mix with its load, steps with their values, Python by its place, setup and teardown are shown."""
    golden("plan/mix.txt", render_plan_text(make_mix_plan()))
    golden("plan/mix.sql", render_plan_sql(make_mix_plan()))
    golden("plan/mix.json", json.dumps(plan_as_json(make_mix_plan()), indent=2) + "\n")


def test_an_open_load_with_stages() -> None:
    """The shape of a load stands with the mix it is for, and in JSON."""
    plan = make_mix_plan(OPEN)
    expected = (
        "Mix of 5 operations\n"
        "   60 s, open model, a rate in stages poisson, 40 clients, at most 200 in flight, warm-up 5 s,"
        " at most 660 s\n"
        "   from 0, in 10s to 400/s, at once to 50/s\n"
    )
    assert expected in render_plan_text(plan)
    phase = plan_as_json(plan)["phases"][0]  # type: ignore[index]  # JSON has no types
    assert phase["load"]["stages"][0] == {"duration": 10.0, "target": 400.0}


def test_stages_of_an_operation_alone() -> None:
    """An operation that is loaded alone has its stages above it."""
    load = replace(CLOSED, stages=(Stage(duration_ns=90 * NS_PER_S, target=50.0),))
    phase = replace(make_mix_phase(load, (PAY, 1.0)), name="pay")
    text = render_plan_text(replace(make_mix_plan(), phases=(phase,)))
    assert "Stages of pay\n   from 0, in 90s to 50\n\n1. pay [transaction]\n" in text
    load_line = (
        "60 s, closed model, up to 50 clients, think 1s on average, exponential, warm-up 5 s, at most 660 s"
    )
    assert f"   {load_line}\n" in text


def test_settings_of_every_run_go_without_saying() -> None:
    """A plan that asks for nothing special has no settings to show."""
    assert "Settings" not in render_plan_text(order_plan())


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("SELECT 1 -- one", 'PREPARE "single_order_confirm" AS\nSELECT 1 -- one\n;\n'),
        ("CALL settle()", "--   CALL settle()\n"),
        ("with a as (select 1) select * from a", "AS\nwith a as (select 1) select * from a;\n"),
    ],
)
def test_statements_as_people_write_them(sql: str, written: str) -> None:
    """A comment does not swallow the end of a statement, and what PREPARE does not take stands as a comment."""
    phase = make_mix_phase(CLOSED, (replace(make_operation(), sql=sql), 1.0))
    assert written in render_plan_sql(replace(make_mix_plan(), phases=(phase,), teardown=()))


def test_a_duration_stands_beside_iterations() -> None:
    """Where both are asked for, both are shown."""
    settings = LoadSettings(iterations=500, duration_ns=90 * NS_PER_S, filters=("order_query",))
    plan = compile_entities(make_order(), settings=settings)
    assert "   500 iterations or 90 s, 1 client, warm-up 6, at most 690 s\n" in render_plan_text(plan)
    load = plan_as_json(plan)["operations"][12]["load"]  # type: ignore[index]  # JSON has no types
    assert (load["duration"], load["timeout"]) == (90.0, 690.0)


def test_notes_stand_at_the_end() -> None:
    """What the compiler has to say to the user is part of the text."""
    plan = replace(order_plan(), notes=("first", "second\nline"))
    assert render_plan_text(plan).endswith("\n\nNotes\n   first\n   second line\n")


def test_a_plan_of_nothing_says_so() -> None:
    """With every entity disabled the text is the title and the reason."""
    plan = compile_entities(make_order(), performance=Performance(enabled=False))
    assert render_plan_text(plan).splitlines()[0] == "Empty plan"
    assert render_plan_text(plan).splitlines()[-1] == "   there is nothing to run: no entity is enabled"


def test_names_cannot_leave_a_comment() -> None:
    """A line break in a name does not end the comment that it stands in."""
    plan = compile_entities(make_entity("note\n; DROP TABLE x", Field(name="a\nb", type=FieldType.TEXT)))
    lines = render_plan_sql(plan).splitlines()
    assert (
        "-- note ; DROP TABLE x.crud.note ; DROP TABLE x_create [insert]: ok when 1 row comes back" in lines
    )
    assert "--   $2: a generated a b" in lines

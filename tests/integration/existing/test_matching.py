"""Entities on tables that are there: matched with what the catalog says, or refused with what was found."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.rows_sql import insert_rows_sql
from perfengine.datagen.values import column_values, key_value
from perfengine.engine.existing.rules import heed_existing
from perfengine.engine.rules import states_of
from perfengine.errors import SpecError
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, ReferenceTo, RowNumber, Template
from perfengine.model.operation import Generated
from perfengine.model.sql import quote_identifier
from perfengine.report.plan import plan_as_json, render_plan_sql, render_plan_text
from tests.integration.existing.documents import CONTACT, LONG_NAME, ORDER, entity

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.datagen.layout import RowSource
    from perfengine.model.plan import Plan
    from perfengine.model.table import Table
    from tests.integration.existing.conftest import Planning

NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def _try(dsn: str, plan: Plan) -> dict[str, int]:
    """Put rows of ours into the real tables, have every operation of the plan done once, and roll it all back.

    Return rows by table.
    """
    connection = await asyncpg.connect(dsn, statement_cache_size=0)
    try:
        tables = tuple(replace(table, first_key=-5_000_000, key_salt="salt") for table in plan.tables)
        source, values, _ = await heed_existing(connection, replace(plan, tables=tables), NOW)
        transaction = connection.transaction()
        await transaction.start()
        for table in source.tables.values():
            sql = insert_rows_sql(source, table, states_of(table))
            await connection.execute(sql, 0, plan.data_rows[table.name] - 1, NOW, 0)
            await _same_values(connection, source, table)
        for item in plan.operations:
            operation = item.operation
            (arguments,) = arguments_of(
                operation,
                source,
                anchor=NOW,
                rule_values=values.get(operation.entity, {}),
                first_row=5000 if operation.rows and operation.rows.inserts else 0,
                first_attempt=0,
                attempts=[0],
                rows=plan.data_rows[operation.entity],
            )
            statement = await connection.prepare(operation.sql)
            savepoint = connection.transaction()
            await savepoint.start()
            broken = None
            try:
                await statement.fetch(*arguments)
            except asyncpg.CheckViolationError as error:
                broken = error.constraint_name
            await savepoint.rollback()
            assert broken == operation.expectation.constraint, operation.name
        counts = {
            name: await connection.fetchval(f"SELECT count(*) FROM {table.sql}")
            for name, table in source.tables.items()
        }
        await transaction.rollback()
        return counts
    finally:
        await connection.close()


async def _same_values(connection: asyncpg.Connection, source: RowSource, table: Table) -> None:
    """Look whether the first row has the values that attempts are told it has."""
    columns = [column for column in table.columns if not column.field.cast]
    made = [column_values(source, table, column, NOW)(0) for column in columns]
    names = ", ".join(quote_identifier(column.name) for column in columns)
    key = quote_identifier(table.key.name)
    row = await connection.fetchrow(
        f"SELECT {names} FROM {table.sql} WHERE {key} = $1", key_value(source.seed, table, 0)
    )
    for column, value, there in zip(columns, made, row, strict=True):
        is_same = (
            value == there or str(value) == str(there).replace("-", "") or str(value) == str(there).strip()
        )
        assert is_same or column.field.type in {FieldType.FLOAT, FieldType.JSON}, (column.name, value, there)


def test_a_plain_table_with_its_functions(existing: str, planned: Planning) -> None:
    """The columns have the server's types, references are keys that are there, each trigger calls its function."""
    plan = planned(ORDER).plan
    table = plan.table("order")
    assert table.sql == '"public"."order"'
    types = {column.name: column.sql_type for column in table.columns}
    assert types["status"] == "public.order_status"
    assert types["created_at"] == "timestamp without time zone"
    customers = table.column("customer_id").generator
    assert isinstance(customers, Choice)
    assert len(customers.values) == 20
    calls = {item.operation.name: item.operation.sql for item in plan.operations}
    assert calls["single_order_confirm"] == 'SELECT * FROM "public"."order_confirm"($1::uuid)'
    assert calls["single_order_ship"] == 'SELECT * FROM "public"."order_ship"($1::uuid)', (
        "not that of a bigint"
    )
    assert calls["single_order_deliver"] == 'CALL "public"."order_deliver"($1::uuid)'
    assert "r.reply IS TRUE" in calls["bulk_order_confirm"]
    assert 'r."success" IS TRUE' in calls["bulk_order_ship"]
    assert [one.name for one in plan.not_built] == ["bulk_order_deliver"]
    assert asyncio.run(_try(existing, plan)) == {"order": 1000}


def test_a_rule_is_the_constraint_that_holds_it(planned: Planning) -> None:
    """The refusal is expected by the constraint's real name; a rule that nothing holds has no refusal."""
    plan = planned(ORDER).plan
    (check,) = plan.table("order").checks
    assert (check.constraint, check.rule) == ("check_positive_total", "positive_total")
    loose = ORDER.replace("positive_total, field: total_amount", "no_x, field: status").replace(
        "total_amount > 0", "status <> 'x'"
    )
    found = planned(loose, filters=("validate_*",)).plan
    assert [item.operation.name for item in found.operations] == ["validate_order_no_x_accept"]
    (missing,) = [one for one in found.not_built if one.name.endswith("_reject")]
    assert "check_positive_total" in missing.reason


def test_trinity_tables(existing: str, planned: Planning) -> None:
    """Rows go by their uuid, refer by their number, and functions are told of them in a document."""
    plan = planned(CONTACT).plan
    company, contact = plan.tables
    assert (company.sql, company.parent) == ('"crm"."tb_company"', True)
    assert company.overrides_identity
    assert isinstance(company.column("pk_company").generator, RowNumber)
    assert contact.key.name == "id"
    assert contact.column("fk_company").generator == ReferenceTo(table="tb_company", numbered=True)
    assert "score" not in [column.name for column in contact.columns], "it is computed"
    (call,) = [i.operation.sql for i in plan.operations if i.operation.name == "single_contact_qualify"]
    assert call.startswith('SELECT * FROM "app"."qualify_contact"(')
    assert "jsonb_build_object('id', $1::uuid" in call
    counts = asyncio.run(_try(existing, plan))
    assert counts == {"tb_company": 100, "contact": 1000}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("every_type", "label: string"),
        ("generated", "net: decimal"),
        ("domained", "code: string"),
        ("node", "name: string, parent_id: uuid"),
        ("parted", "amount: decimal"),
        ("monthly", "id: uuid"),
        (LONG_NAME, "'status of the \"thing\"': string"),
    ],
)
def test_odd_tables_take_rows_and_operations(
    existing: str, planned: Planning, name: str, fields: str
) -> None:
    """Whatever the columns are, what is compiled is prepared and done by the server."""
    plan = planned(entity(name, fields), schema="odd").plan
    assert asyncio.run(_try(existing, plan)) == {name: 1000}


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("nokey", "value: string", "odd.nokey: it has no primary key and no unique column"),
        ("composite", "value: string", "its primary key is of several columns (a, b)"),
        ("looking", "name: string", "odd.looking is a view: rows of ours cannot be put in"),
        ("ruled", "name: string", "odd.ruled has rewrite rules"),
        ("egg", "id: uuid", "odd.chicken.egg_id refers to odd.egg, which refers back"),
        ("loop", "id: uuid", "odd.loop.next_id refers to odd.loop, which refers back"),
        (
            "composed",
            "id: uuid",
            "odd.composed.reply has type app.mutation_result, of which no values can be made",
        ),
        ("line", "id: uuid", "unique key line_order_id_customer_id_key (order_id, customer_id)"),
        (
            "node",
            "nmae: string",
            'field "nmae" has no column in table odd.node',
        ),
        ("parted_0", "id: uuid", "odd.parted_0 is a partition"),
        ("nodes_of_a_tree", "id: uuid", "there is no table"),
    ],
)
def test_what_cannot_be_matched_is_refused_with_what_was_found(
    planned: Planning, name: str, fields: str, said: str
) -> None:
    """One line for each, before anything is loaded."""
    with pytest.raises(SpecError) as refused:
        planned(entity(name, fields), schema="odd")
    (mistake,) = refused.value.mistakes
    assert said in mistake.render()
    assert mistake.position.line == (2 if mistake.position.source.startswith("fields") else 1)


def test_all_that_does_not_match_is_said_at_once(planned: Planning) -> None:
    """Two fields without a column and a state that the enum has not: three lines."""
    wrong = (
        ORDER.replace("total_amount", "total")
        .replace("created_at", "made_at")
        .replace("delivered", "returned")
    )
    with pytest.raises(SpecError) as refused:
        planned(wrong)
    mistakes = refused.value.mistakes
    found = {mistake.position.line: mistake.message for mistake in mistakes}
    assert 'field "total"' in found[6]
    assert 'field "made_at"' in found[7]
    assert "no such state on the server: returned" in found[1]
    assert "has: pending, confirmed, shipped, delivered" in found[1]
    assert [one.suggestion for one in mistakes if one.position.line == 6] == ["total_amount"]


def test_a_trigger_without_a_function_is_refused_where_it_is_asked_for(planned: Planning) -> None:
    """Its operations can be left out by name; what there is of that name is shown with its arguments."""
    wrong = ORDER.replace("trigger: ship}", "trigger: dispatch}").replace(
        "trigger: deliver}", "trigger: refund}"
    )
    with pytest.raises(SpecError) as refused:
        planned(wrong)
    text = str(refused.value)
    assert 'trigger "dispatch" has no function' in text
    assert "--exclude single_order_dispatch --exclude bulk_order_dispatch" in text
    assert planned(wrong, filters=("order_query",)).plan.operations


def test_an_overload_that_takes_no_key_is_shown(planned: Planning) -> None:
    """Of a function of that name alone it is said what it takes."""
    with pytest.raises(SpecError, match=r"there is public.customer_close\(bigint\)"):
        planned(
            entity("customer", "id: uuid, name: string")
            + "patterns:\n  - {name: state_machine, initial_state: a, states: [a, b], field: name,"
            " transitions: [{from: a, to: b, trigger: close}]}\n"
        )


def test_reading_only(planned: Planning) -> None:
    """Nothing that writes is there, no rows are made, and keys are those of rows that are there."""
    planned_run = planned(entity("customer", "id: uuid, name: string"), read_only=True)
    plan = planned_run.plan
    assert [item.operation.name for item in plan.operations] == ["customer_query"]
    (key,) = plan.operations[0].operation.parameters
    assert isinstance(key, Generated)
    assert isinstance(key.generator, Choice)
    assert len(key.generator.values) == 20
    assert plan.existing is not None
    assert (plan.existing.uses, plan.existing.read_only) == ((), True)
    assert set(plan.data_rows.values()) == {0}
    assert any("left out" in note for note in plan.notes)


def test_a_view_can_be_read(planned: Planning) -> None:
    """By its column id, of rows that it shows."""
    plan = planned(entity("looking", "id: uuid, name: string"), schema="odd", read_only=True).plan
    assert [item.operation.sql for item in plan.operations] == [
        'SELECT "id", "name" FROM "odd"."looking" WHERE "id" = $1'
    ]


def test_own_statements_name_the_real_table(planned: Planning) -> None:
    """What stands in double braces is the table with its schema."""
    text = CONTACT + (
        "---\nworkload:\n  ops:\n    latest:\n      read_only: true\n"
        "      sql: SELECT * FROM {{contact}} WHERE id = :c\n      params: {c: {ref: contact}}\n"
    )
    plan = planned(text, filters=("latest",)).plan
    assert plan.operations[0].operation.sql == 'SELECT * FROM "crm"."tb_contact" WHERE id = $1'


def test_the_plan_is_shown(planned: Planning) -> None:
    """Text, JSON and SQL say which tables and functions are meant, and no script makes or drops anything."""
    plan = planned(CONTACT).plan
    text = render_plan_text(plan)
    assert "Table contact is crm.tb_contact" in text
    assert "contact qualify: app.qualify_contact(uuid, uuid, jsonb) returns app.mutation_result" in text
    assert "CREATE" not in render_plan_sql(plan)
    shown = plan_as_json(plan)["existing"]
    assert isinstance(shown, dict)
    assert [one["table"] for one in shown["tables"]] == ["tb_company", "tb_contact"]


@pytest.mark.parametrize(
    ("text", "schema", "said"),
    [
        (
            entity("node", "name: string"),
            "odd",
            "lacks INSERT, DELETE on odd.node: rows of ours must be put in",
        ),
        (entity("guarded", "name: string"), "odd", "odd.guarded has row-level security for role"),
        (ORDER, "public", "may not read public.customer.id, of which keys are needed: GRANT SELECT"),
        (entity("parted", "amount: decimal"), "odd", "lacks UPDATE on odd.parted (amount)"),
        (CONTACT, "crm", 'may not use schema "crm": GRANT USAGE ON SCHEMA'),
    ],
)
def test_a_missing_right_is_named(planned: Planning, text: str, schema: str, said: str) -> None:
    """With the statement that would grant it, before anything is written."""
    with pytest.raises(SpecError) as refused:
        planned(text, schema=schema, plain_role=True)
    assert said in str(refused.value)


def test_what_a_role_may_not_do_can_be_left_out(planned: Planning) -> None:
    """Without UPDATE there is all but updates."""
    found = planned(
        entity("parted", "amount: decimal"), schema="odd", filters=("*_create", "*_query"), plain_role=True
    )
    assert [item.operation.name for item in found.plan.operations] == ["parted_create", "parted_query"]


def test_check_says_what_was_matched_and_what_not(existing: str, tmp_path: Path) -> None:
    """On stdout and with 0, or with the place and 2; never with a traceback."""
    path = tmp_path / "order.yaml"

    def check() -> subprocess.CompletedProcess[str]:
        words = ["check", str(path), "--target", "existing", "--dsn", existing]
        command = [sys.executable, "-m", "perfengine", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    path.write_text(ORDER)
    found = check()
    assert found.returncode == 0, found.stderr
    assert "order confirm: public.order_confirm(uuid) returns boolean" in found.stdout
    assert "public.order, by id (uuid)" in found.stdout
    assert "public.customer: rows that are there are referred to" in found.stdout
    path.write_text(ORDER.replace("total_amount", "total_amont"))
    wrong = check()
    assert wrong.returncode == 2
    assert f'{path}:6:3: entity "order": field "total_amont" has no column' in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_entities_of_one_run_refer_to_each_other(existing: str, planned: Planning) -> None:
    """Rows of ours refer to rows of ours where both are there, parents first whatever the order of the documents."""
    text = f"{ORDER}---\n{entity('customer', 'id: uuid, name: string')}"
    plan = planned(text).plan
    assert [table.name for table in plan.tables] == ["customer", "order"]
    assert plan.table("order").column("customer_id").generator == ReferenceTo(table="customer")
    assert plan.existing is not None
    assert plan.existing.referenced == ()
    assert [one.table.name for one in plan.existing.use("customer").incoming] == ["line", "order"]
    assert asyncio.run(_try(existing, plan)) == {"customer": 120, "order": 1000}


def test_what_the_author_says_of_values_goes_before(existing: str, planned: Planning) -> None:
    """Under the field's own name, whatever its column is called."""
    text = CONTACT + "data: {contact: {email: {template: 'a{index}@example.com'}, status: {const: lead}}}\n"
    plan = planned(text).plan
    email = plan.table("contact").column("email").generator
    assert email == Template(text="a{index}@example.com")
    assert asyncio.run(_try(existing, plan))["contact"] == 1000


def test_what_the_server_asks_for_wins(existing: str, planned: Planning) -> None:
    """Values that the author says and the domain refuses are made to fit, and stay different in every row."""
    text = CONTACT + "data: {contact: {email: {template: 'nobody {index}'}}}\n"
    assert asyncio.run(_try(existing, planned(text).plan))["contact"] == 1000


def test_reading_needs_no_right_but_to_read(planned: Planning) -> None:
    """Not even that of seeing the tables that are referred to."""
    plan = planned(ORDER, read_only=True, plain_role=True).plan
    assert [one.operation.name for one in plan.operations] == ["order_status_query", "complex_order_search"]
    assert [one.name for one in plan.not_built if "order_query" in one.name], "there is no row yet"

"""The database says which values a rule accepts and refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.database.rows import add_rows
from perfengine.database.rule_values import probe_rule, why_broken
from perfengine.datagen.layout import RowSource
from perfengine.engine.rules import heed_rules, row_statements
from perfengine.errors import PlanError
from perfengine.model.entity import Field, FieldType, Rule
from perfengine.model.plan import KeyRange
from perfengine.model.settings import LoadSettings
from tests.entities import compile_entities, make_entity
from tests.integration.database.conftest import ANCHOR

if TYPE_CHECKING:
    from perfengine.database.rule_values import RuleFinding
    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

FIELDS = (
    Field(name="total", type=FieldType.DECIMAL),
    Field(name="quantity", type=FieldType.INTEGER),
    Field(name="code", type=FieldType.STRING),
    Field(name="start_date", type=FieldType.DATE),
    Field(name="end_date", type=FieldType.DATE),
    Field(name="ratio", type=FieldType.FLOAT, nullable=True),
    Field(name="own", type=FieldType.INTEGER),
)


def plan_of(*rules: str, settings: LoadSettings | None = None) -> Plan:
    """Return the plan of an entity with these rules, written "field: expression"."""
    written = [text.split(": ", 1) for text in rules]
    entity = make_entity(
        "order",
        *FIELDS,
        rules=tuple(
            Rule(name=f"rule{n}", field=field, expression=text) for n, (field, text) in enumerate(written)
        ),
    )
    return compile_entities(entity, settings=settings)


@dataclass
class Prober:
    """Asks a sandbox about rules."""

    sandboxes: Sandboxes

    async def __call__(self, *rules: str) -> RuleFinding:
        """Return what the database says of the first rule."""
        plan = plan_of(*rules)
        sandbox = await self.sandboxes.bare(plan)
        source = source_of(plan)
        await add_rows(
            sandbox.connection, row_statements(source, "order"), KeyRange(start=0, count=50), ANCHOR
        )
        table = plan.table("order")
        return await probe_rule(sandbox.connection, table, table.checks[0])

    async def heed(self, plan: Plan) -> tuple[RowSource, dict[str, dict[tuple[str, str, bool], Any]]]:
        """Return what becomes of the rows and values of a plan."""
        sandbox = await self.sandboxes.bare(plan)
        return await heed_rules(sandbox.connection, plan, source_of(plan), ANCHOR)


def source_of(plan: Plan) -> RowSource:
    """Return what the rows of a plan are computed from."""
    return RowSource(seed=plan.seed, tables={table.name: table for table in plan.tables}, rows=plan.data_rows)


@pytest.fixture
def probe(sandboxes: Sandboxes) -> Prober:
    """Return who asks the database."""
    return Prober(sandboxes)


@pytest.mark.parametrize(
    ("rule", "accepts"),
    [
        ("total: total > 0", lambda total: total > 0),
        ("total: total BETWEEN 5 AND 6.5", lambda total: 5 <= total <= 6.5),
        ("quantity: quantity % 7 = 3", lambda quantity: quantity % 7 == 3),
        ("code: code IN ('new', 'used')", lambda code: code in {"new", "used"}),
        ("code: code ~ '^[A-Z]{3}-[0-9]{4}$'", lambda code: len(code) == 8 and code[3] == "-"),
        ("code: length(code) = 12", lambda code: len(code) == 12),
        ("code: code LIKE 'X-%' -- the prefix", lambda code: code.startswith("X-")),
        ("end_date: end_date > start_date", lambda end, start: end > start),
        ("total: total / quantity < 5", lambda total, quantity: total / quantity < 5),
        ("own: own > 3", lambda own: own > 3),
    ],
)
async def test_values_that_are_accepted_and_one_that_is_not(probe: Prober, rule: str, accepts: Any) -> None:
    """Judged here by another language than the database's, they are what they are said to be."""
    finding = await probe(rule)
    assert finding.accepted
    assert all(accepts(*values) for values in finding.accepted)
    assert finding.refused is not None
    assert not accepts(*finding.refused)


async def test_values_have_the_fields_types(probe: Prober) -> None:
    """They go to the driver as they are."""
    finding = await probe("end_date: end_date > start_date AND total > 1.5")
    names = [name for name, _ in finding.check.candidates]
    kinds = dict(zip(names, (type(value).__name__ for value in finding.accepted[0]), strict=True))
    assert kinds == {"end_date": "date", "start_date": "date", "total": "Decimal"}


async def test_null_breaks_no_rule(probe: Prober) -> None:
    """A rule that is NULL lets a row through: NULL refuses only where the rule itself asks for it."""
    finding = await probe("ratio: ratio > 0.5")
    assert None in dict(finding.check.candidates)["ratio"]
    assert all(value is not None for (value,) in finding.accepted)
    assert finding.refused is not None
    assert finding.refused[0] is not None
    assert (await probe("ratio: ratio IS NOT NULL OR ratio > 1")).refused is None
    assert (await probe("ratio: ratio IS NOT NULL")).refused == (None,)


async def test_not_a_number_is_tried_where_the_rule_speaks_of_it(probe: Prober) -> None:
    """PostgreSQL holds NaN for greater than everything: only its own rule refuses it."""
    (refused,) = (await probe("total: total <> 'NaN'")).refused or (None,)
    assert refused is not None
    assert refused.is_nan()
    assert (await probe("total: total > 0 AND total <> 'NaN'")).refused == (0,)


async def test_a_value_with_which_the_rule_cannot_be_evaluated_is_passed_over(probe: Prober) -> None:
    """Division by zero is neither yes nor no, and the next value is tried."""
    finding = await probe("quantity: 10 / quantity > 2")
    assert "0" in dict(finding.check.candidates)["quantity"]
    assert all(value not in {0, None} for (value,) in (*finding.accepted, finding.refused or (0,)))


async def test_a_refused_value_breaks_its_own_rule_alone(probe: Prober) -> None:
    """Of two rules over one field, a value is wanted that only the first refuses."""
    finding = await probe("quantity: quantity < 100", "quantity: quantity > 10")
    assert finding.refused is not None
    assert finding.refused[0] >= 100
    assert all(10 < value < 100 for (value,) in finding.accepted)


async def test_a_rule_over_other_fields_has_no_say(probe: Prober) -> None:
    """Although no sample row satisfies it, values for the first rule are found."""
    finding = await probe("total: total > 0", "code: code = 'one that no generated row has'")
    assert finding.accepted
    assert finding.refused


async def test_what_follows_from_another_rule_cannot_be_broken_alone(probe: Prober) -> None:
    """Nothing is found, and nothing is made up."""
    assert (await probe("quantity: quantity > 0", "quantity: quantity > 10")).refused is None


async def test_rows_are_adapted_to_rules_that_they_would_break(probe: Prober) -> None:
    """Several rules that no usual value satisfies, and rows that satisfy them all."""
    plan = plan_of("quantity: quantity % 7 = 3", "code: code ~ '^[A-Z]{3}-[0-9]{4}$'", "total: total > 0")
    source, values = await probe.heed(plan)
    assert {rule for rule, _, _ in values["order"]} == {"rule0", "rule1", "rule2"}
    sandbox = await probe.sandboxes.bare(plan)
    await add_rows(sandbox.connection, row_statements(source, "order"), KeyRange(start=0, count=300), ANCHOR)
    await sandbox.add_constraints(tuple(source.tables.values()))
    distinct = await sandbox.connection.fetchval('SELECT count(DISTINCT quantity) FROM "order"')
    assert distinct > 1


async def test_each_entity_has_values_of_its_own(probe: Prober) -> None:
    """Two entities with a rule of one name over a field of one name do not share them."""
    plan = compile_entities(
        *(
            make_entity(
                name,
                Field(name="total", type=FieldType.INTEGER),
                rules=(Rule(name="enough", field="total", expression=f"total > {least}"),),
            )
            for name, least in (("order", 0), ("invoice", 500))
        )
    )
    _, values = await probe.heed(plan)
    assert values["order"]["enough", "total", False] == 0
    assert values["invoice"]["enough", "total", False] == 500


async def test_values_are_sought_for_what_is_run(probe: Prober) -> None:
    """A rule that nothing can break alone is no matter when nobody wants to break it."""
    rules = ("quantity: quantity > 0", "quantity: quantity > 10")
    with pytest.raises(PlanError, match=r'breaks only rule "rule0".*--exclude "validate_\*_rule0_\*"'):
        await probe.heed(plan_of(*rules))
    chosen = LoadSettings(excludes=("validate_*_reject",))
    _, values = await probe.heed(plan_of(*rules, settings=chosen))
    assert all(accept for _, _, accept in values["order"])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("total: total > 0 AND total < 0", r"200 of 200 generated rows break it.*no value was found"),
        ("code: code = lower(code) AND code = upper(code) AND length(code) > 300", "no value was found"),
        ("total: total >", r'rule "rule0" of order \(total >\) is no SQL condition: syntax error'),
        ("total: nosuch(total)", r"is no SQL condition: function nosuch\(numeric\) does not exist"),
        ("total: total + 1", "is no SQL condition: argument of IS FALSE must be type boolean"),
        ("quantity: 1 / (quantity * 0) > 0", "for a generated row: division by zero.*no value was found"),
    ],
)
async def test_a_rule_that_cannot_be_is_named(probe: Prober, rule: str, words: str) -> None:
    """The author reads which rule it is and what is the matter with it."""
    with pytest.raises(PlanError, match=words) as caught:
        await probe.heed(plan_of(rule))
    assert "rule0" in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_lost_connection_is_no_rule_that_nothing_satisfies(probe: Prober) -> None:
    """It comes through at once, as what it is."""
    plan = plan_of("total: total > 0 AND pg_terminate_backend(pg_backend_pid())")
    sandbox = await probe.sandboxes.bare(plan)
    await add_rows(
        sandbox.connection, row_statements(source_of(plan), "order"), KeyRange(start=0, count=1), ANCHOR
    )
    table = plan.table("order")
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await probe_rule(sandbox.connection, table, table.checks[0])
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await why_broken(sandbox.connection, table, table.checks[0])


async def test_rules_of_an_entity_that_is_left_out_need_no_values(probe: Prober) -> None:
    """Although another entity has a rule of that name, and runs it."""
    total = Field(name="total", type=FieldType.INTEGER)
    plan = compile_entities(
        make_entity("order", total, rules=(Rule(name="enough", field="total", expression="total > 0"),)),
        make_entity("invoice", total, rules=(Rule(name="enough", field="total", expression="true"),)),
        settings=LoadSettings(excludes=("validate_invoice_*",)),
    )
    _, values = await probe.heed(plan)
    assert (len(values["order"]), values["invoice"]) == (2, {})

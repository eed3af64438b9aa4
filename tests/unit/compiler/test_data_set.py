"""How many rows each table gets."""

from __future__ import annotations

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError, UsageError
from perfengine.model.entity import Field, FieldType
from perfengine.model.scenario import DataSet, EntityScenario, Performance, Scenario
from perfengine.model.settings import LoadSettings
from tests.entities import compile_entities, make_entity, make_order

SMALL = DataSet(name="small_dataset", rows={"order": 100, "customer": 10})
LARGE = DataSet(name="large_dataset", rows={"order": 10000, "customer": 1000})
BOTH = Performance(data_sets=(SMALL, LARGE))


def rows(
    performance: Performance | None = None, settings: LoadSettings | None = None
) -> tuple[str, dict[str, int]]:
    """Return the name and the rows of the data set of the original document."""
    plan = compile_entities(make_order(), performance=performance, settings=settings)
    return plan.data_set, plan.data_rows


@pytest.mark.parametrize(
    ("performance", "settings", "name", "order", "customer"),
    [
        # nobody says anything: 1000 orders, ten to a customer
        (None, LoadSettings(), "default", 1000, 100),
        # the first data set, or the one named
        (BOTH, LoadSettings(), "small_dataset", 100, 10),
        (BOTH, LoadSettings(data_set="large_dataset"), "large_dataset", 10000, 1000),
        # a data set that leaves out a table
        (
            Performance(data_sets=(DataSet(name="few", rows={"order": 55}),)),
            LoadSettings(),
            "few",
            55,
            5,
        ),
        (
            Performance(data_sets=(DataSet(name="one", rows={"order": 3}),)),
            LoadSettings(),
            "one",
            3,
            1,
        ),
        (
            Performance(data_sets=(DataSet(name="shops", rows={"customer": 7}),)),
            LoadSettings(),
            "shops",
            1000,
            7,
        ),
        # the command line wins
        (BOTH, LoadSettings(data_size=500), "--data-size 500", 500, 50),
    ],
)
def test_rows_come_from_the_command_line_the_documents_or_the_defaults(
    performance: Performance | None, settings: LoadSettings, name: str, order: int, customer: int
) -> None:
    """Whatever a source leaves out, a parent has a tenth of the rows of its children."""
    assert rows(performance, settings) == (name, {"customer": customer, "order": order})


def test_a_chain_of_parents_thins_out() -> None:
    """Each table has a tenth of the largest table that refers to it."""
    line = make_entity("line", Field(name="order_id", type=FieldType.UUID))
    plan = compile_entities(make_order(), line, settings=LoadSettings(data_size=10_000))
    assert plan.data_rows == {"customer": 100, "order": 1000, "line": 10_000}


def test_an_entity_goes_by_its_own_data_set() -> None:
    """What another entity's data set says of it counts only where its own says nothing."""
    order, customer = make_order(), make_entity("customer")
    own = DataSet(name="shops", rows={"customer": 77})
    scenario = Scenario(
        entities=(
            EntityScenario(entity=order, performance=BOTH),
            EntityScenario(entity=customer, performance=Performance(data_sets=(own,))),
        )
    )
    plan = compile_scenario(scenario, LoadSettings())
    assert plan.data_rows == {"customer": 77, "order": 100}
    assert plan.data_set == "small_dataset, shops"


def test_an_unknown_data_set_lists_the_known() -> None:
    """The mistake names what could have been asked for."""
    with pytest.raises(UsageError, match=r'no data set "huge"; known: small_dataset, large_dataset'):
        rows(BOTH, LoadSettings(data_set="huge"))
    with pytest.raises(UsageError, match=r'no data set "huge"; known: the documents have none'):
        rows(None, LoadSettings(data_set="huge"))


def test_a_size_and_a_data_set_contradict_each_other() -> None:
    """Two answers to one question are a mistake."""
    with pytest.raises(UsageError, match=r"give one of them"):
        rows(BOTH, LoadSettings(data_set="small_dataset", data_size=5))


def test_a_parent_without_rows_cannot_be_referred_to() -> None:
    """Orders need at least one customer."""
    empty = Performance(data_sets=(DataSet(name="none", rows={"order": 10, "customer": 0}),))
    with pytest.raises(
        PlanError, match=r"order\.customer_id refers to customer, of which the data set has 0"
    ):
        rows(empty)


def test_too_many_rows_are_refused() -> None:
    """More rows than can be drawn from are told before any is made."""
    with pytest.raises(PlanError, match=r"3000000000 rows of order; the most is 2147483648"):
        rows(None, LoadSettings(data_size=3_000_000_000))

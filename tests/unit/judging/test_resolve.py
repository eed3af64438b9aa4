"""Which operations a limit speaks of."""

from __future__ import annotations

import pytest

from perfengine.judging.resolve import check_internal_subjects, named_here, resolve
from perfengine.model.entity import NotBuilt
from perfengine.model.operation import Group, Kind
from tests.builders import POSITION, make_operation, make_requirement, make_summary

CONFIRM = make_operation("single_order_confirm", aliases=("order_confirm",))
SHIP = make_operation("single_order_ship", aliases=("order_ship",))
STATUS = make_operation("order_status_query", kind=Kind.SIMPLE_SELECT)
QUERY = make_operation("order_query", kind=Kind.SIMPLE_SELECT, group=Group.CRUD)
SEARCH = make_operation("complex_order_search", kind=Kind.COMPLEX_JOIN)
DELETE = make_operation("order_delete", kind=Kind.DELETE, group=Group.CRUD, optional=True)
ALL = (CONFIRM, SHIP, STATUS, QUERY, SEARCH, DELETE)


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("single_order_confirm", (CONFIRM,)),
        ("order.state_machine.single_order_confirm", (CONFIRM,)),
        ("order_confirm", (CONFIRM,)),
        ("single_transition", (CONFIRM, SHIP)),
        ("simple_select", (STATUS, QUERY)),
        ("complex_join", (SEARCH,)),
        ("complex_search", (SEARCH,)),  # another word for the kind
        # sad
        ("order_confirmed", ()),
        ("ORDER_CONFIRM", ()),
        ("", ()),
    ],
)
def test_resolve(subject: str, named: tuple[object, ...]) -> None:
    """A subject is a name or full id, else an alias, else a kind."""
    assert resolve(subject, ALL) == named


def test_exact_name_beats_alias_and_kind() -> None:
    """An operation that is called like another's alias, or like a kind, wins."""
    namesake = make_operation("order_confirm")
    insert = make_operation("insert", kind=Kind.SIMPLE_SELECT)
    create = make_operation("order_create", kind=Kind.INSERT)
    assert resolve("order_confirm", (CONFIRM, namesake)) == (namesake,)
    assert resolve("insert", (create, insert)) == (insert,)


def test_alias_beats_kind() -> None:
    """An alias wins over a kind of the same word."""
    aliased = make_operation("order_create", aliases=("delete",), kind=Kind.INSERT)
    assert resolve("delete", (DELETE, aliased)) == (aliased,)


def test_an_optional_operation_that_did_not_run_is_not_missed() -> None:
    """A kind speaks of an operation that runs only on request when that did run, or when nothing else is meant."""
    other = make_operation("order_purge", kind=Kind.DELETE)
    ran = make_summary([1], operation=DELETE)
    assert named_here("delete", (), (*ALL, other)) == (other,)
    assert named_here("delete", (ran,), (*ALL, other)) == (DELETE, other)
    assert named_here("delete", (), ALL) == (DELETE,)


def test_internal_requirement_that_names_nothing() -> None:
    """A requirement of the scenario itself that names nothing is a mistake with the allowed names and a guess."""
    (mistake,) = check_internal_subjects([make_requirement(subject="order_confrim", internal=True)], ALL)
    assert mistake.position == POSITION
    assert mistake.message == 'the requirement names "order_confrim", which is no operation, alias or kind'
    assert mistake.allowed == (
        "single_order_confirm",
        "single_order_ship",
        "order_status_query",
        "order_query",
        "complex_order_search",
        "order_delete",
        "order_confirm",
        "order_ship",
        "single_transition",
        "simple_select",
        "complex_join",
        "delete",
        "complex_search",
    )
    assert mistake.suggestion == "order_confirm"


def test_no_guess_where_nothing_is_near() -> None:
    """A name that is like no other gets no suggestion."""
    (mistake,) = check_internal_subjects([make_requirement(subject="xyz", internal=True)], ALL)
    assert mistake.suggestion is None


def test_requirements_that_need_not_name_an_operation() -> None:
    """A limit from another document, one on the whole run and one that resolves are no mistakes."""
    requirements = [
        make_requirement(subject="elsewhere"),
        make_requirement(subject=None, internal=True),
        make_requirement(subject="simple_select", internal=True),
    ]
    assert check_internal_subjects(requirements, ALL) == ()


def test_a_missing_operation_is_named_with_the_reason() -> None:
    """What a document speaks of and nobody could build is no slip of the pen."""
    missing = [NotBuilt(name="complex_order_search", reason="it needs two of them")]
    requirement = make_requirement(subject="complex_order_search", internal=True)
    (mistake,) = check_internal_subjects([requirement], ALL[:1], missing)
    assert mistake.message == (
        'the requirement names "complex_order_search", which is not built: it needs two of them'
    )
    assert mistake.allowed == ()

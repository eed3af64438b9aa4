"""Transition functions change a row in a source state, or raise."""

from __future__ import annotations

from dataclasses import replace

from perfengine.compiler.transitions import transition_function
from perfengine.model.entity import Entity, Field, FieldType
from tests.entities import ID, make_entity, make_machine, make_order


def ddl_of(entity: Entity) -> str:
    """Return the DDL of the first transition."""
    assert entity.machine is not None
    return transition_function(entity, entity.machine, entity.machine.transitions[0], "f").ddl


def test_the_function_is_one_update_and_a_constant_refusal() -> None:
    """It names no schema, compares the state in the UPDATE itself, and its message holds no value of a row."""
    assert ddl_of(make_order()) == (
        'CREATE FUNCTION "f"(uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $pe$\n'
        "#variable_conflict use_column\n"
        "BEGIN\n"
        '  UPDATE "order"\n'
        '     SET "status" = \'confirmed\', "updated_at" = now()\n'
        '   WHERE "id" = $1\n'
        "     AND \"status\" = 'pending';\n"
        "  IF NOT FOUND THEN\n"
        '    RAISE EXCEPTION USING MESSAGE = \'invalid transition "confirm" of "order"\';\n'
        "  END IF;\n"
        "  RETURN $1;\n"
        "END\n"
        "$pe$"
    )


def test_several_sources_are_a_list() -> None:
    """A trigger of two source states accepts either."""
    machine = make_machine(("cancel", ("pending", "confirmed"), "cancelled"))
    assert "\"status\" IN ('pending', 'confirmed');" in ddl_of(make_entity("order", machine=machine))


def test_a_guard_stands_in_lines_of_its_own() -> None:
    """A guard that ends in a comment does not swallow what follows."""
    machine = make_machine(("pay", "pending", "paid"), guard="total > 0 -- paid in full")
    assert "     AND (\ntotal > 0 -- paid in full\n     );\n" in ddl_of(make_entity("order", machine=machine))


def test_updated_at_is_touched_only_where_it_is_an_instant() -> None:
    """A field called updated_at that holds no timestamp is left alone."""
    machine = make_machine(("pay", "pending", "paid"))
    entity = make_entity("order", Field(name="updated_at", type=FieldType.INTEGER), machine=machine)
    assert "updated_at" not in ddl_of(entity)


def test_names_and_states_are_quoted() -> None:
    """Quotes in names and states reach the server as what they are."""
    machine = make_machine(("o'k", "it's", 'a"b'), states=("it's", 'a"b'), field='the "state"')
    ddl = ddl_of(make_entity('my "order"', machine=machine))
    assert 'UPDATE "my ""order"""' in ddl
    assert 'SET "the ""state""" = \'a"b\'' in ddl
    assert "= 'it''s'" in ddl
    assert "invalid transition \"o''k\"" in ddl


def test_a_body_that_holds_the_dollar_quote_gets_another() -> None:
    """No name or guard can end the function early."""
    machine = make_machine(("pay", "pending", "paid"), guard="note <> '$pe$' AND note <> '$pe1$'")
    ddl = ddl_of(make_entity("order", machine=machine))
    assert ddl.endswith("$pe2$")
    assert "AS $pe2$\n" in ddl


def test_the_argument_has_the_type_of_the_key() -> None:
    """A key of 40 characters is an argument without a length."""
    machine = make_machine(("pay", "pending", "paid"))
    key = replace(ID, type=FieldType.STRING, length=40)
    entity = make_entity("order", machine=machine, key=key)
    assert entity.machine is not None
    function = transition_function(entity, entity.machine, entity.machine.transitions[0], "order_pay")
    assert (function.name, function.arguments) == ("order_pay", "varchar")

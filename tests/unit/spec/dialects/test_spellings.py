"""What the spellings of state machines, actions, rules and indexes mean."""

from __future__ import annotations

import pytest

from perfengine.model.entity import Entity, Index, NotBuilt, StateMachine, Transition
from tests.documents import messages_of, scenario_of


def entity_of(text: str) -> Entity:
    """Return the one entity of a document."""
    (one,) = scenario_of(text).entities
    return one.entity


def machine_of(pattern: str, fields: str = "{id: uuid, status: string}") -> StateMachine:
    """Return the state machine of an entity with this pattern."""
    machine = entity_of(f"name: order\nfields: {fields}\npatterns:\n  - {pattern}\n").machine
    assert machine is not None
    return machine


_STATES = "initial_state: a, states: [a, b, c]"
_PLAIN = "[{from: a, to: b, trigger: go}, {from: [a, b], to: c, trigger: end}]"
_BY_TRIGGER = "{go: {from: a, to: b}, end: {from: [a, b], to: c}}"


@pytest.mark.parametrize(
    "pattern",
    [
        f"{{name: state_machine, {_STATES}, transitions: {_PLAIN}}}",
        f"{{name: state_machine, {_STATES}, transitions: {_BY_TRIGGER}}}",
        f"{{state_machine: {{{_STATES}, transitions: {_PLAIN}}}}}",
        f"{{state_machine: {{{_STATES}, transitions: {_BY_TRIGGER}}}}}",
        f"{{state_machine: {{transitions: {_BY_TRIGGER}}}}}",
        f"{{type: state_machine, params: {{{_STATES}, transitions: {_PLAIN}}}}}",
        f"{{type: state_machine, config: {{{_STATES}, transitions: {_BY_TRIGGER}}}}}",
        f"{{type: state_machine, {_STATES}, transitions: {_PLAIN}}}",
        f"{{pattern: state_machine, {_STATES}, transitions: {_PLAIN}}}",
    ],
)
def test_spellings_with_triggers_mean_the_same(pattern: str) -> None:
    """Wherever the keys stand, and whether the triggers are keys or values."""
    assert machine_of(pattern) == StateMachine(
        field="status",
        initial_state="a",
        states=("a", "b", "c"),
        transitions=(
            Transition(trigger="go", sources=("a",), target="b"),
            Transition(trigger="end", sources=("a", "b"), target="c"),
        ),
    )


@pytest.mark.parametrize(
    "transitions", ["{a: [b, c], b: c, c: []}", "[[a, b], [a, c], [b, c]]", "{a: [b, c], b: [c]}"]
)
def test_without_triggers_they_are_called_by_their_target(transitions: str) -> None:
    """Several that lead to one state are one operation over all their sources."""
    assert machine_of(f"{{state_machine: {{transitions: {transitions}}}}}") == StateMachine(
        field="status",
        initial_state="a",
        states=("a", "b", "c"),
        transitions=(
            Transition(trigger="to_b", sources=("a",), target="b"),
            Transition(trigger="to_c", sources=("a", "b"), target="c"),
        ),
    )


def test_the_column_names_states_that_the_machine_leaves_out() -> None:
    """An enumeration has all of them, its default is the initial one."""
    fields = '{id: uuid, status: "enum(z, a, b) = a"}'
    for pattern in (
        "{state_machine: {transitions: {a: [b]}}}",
        f"{{name: state_machine, transitions: {_PLAIN[:32]}]}}",
    ):
        machine = machine_of(pattern, fields)
        assert (machine.states, machine.initial_state) == (("z", "a", "b"), "a")


def test_a_mapping_of_patterns_is_a_list() -> None:
    """Each by its name."""
    text = (
        "name: order\nfields: {id: uuid, status: string, total: decimal}\npatterns:\n"
        f"  state_machine: {{{_STATES}, transitions: {_BY_TRIGGER}}}\n"
        "  validation: [{name: positive, field: total, rule: total > 0}]\n"
    )
    entity = entity_of(text)
    assert entity.machine is not None
    assert [rule.name for rule in entity.rules] == ["positive"]


def test_allowed_transitions_to_itself_are_read() -> None:
    """Where the machine says so, and only there."""
    transitions = "[{from: [a], to: a, trigger: stay}]"
    pattern = f"{{name: state_machine, initial_state: a, states: [a], transitions: {transitions}%s}}"
    assert machine_of(pattern % ", allow_self_transitions: true").transitions[0].sources == ("a",)
    text = f"name: order\nfields: {{id: uuid, status: string}}\npatterns:\n  - {pattern % ''}\n"
    assert messages_of(text) == ['4:80 trigger "stay" leads from "a" to itself: it would change nothing']


_FIELDS = '{status: "enum(new, paid, sent)", total: money!, customer: ref(Customer)}'
_ENTITY = f"entity: Order\nfields: {_FIELDS}\nactions:\n"


def _steps(*steps: str) -> str:
    return "  - {name: pay, steps: [" + ", ".join(steps) + "]}\n"


@pytest.mark.parametrize(
    "action",
    [
        "  - {name: pay, from_state: new, to_state: paid, guard: total > 0}\n",
        (
            "  - {name: pay, pattern: state_machine/transition, config: {from_states: [new], to_state: paid,"
            " validation_checks: [{condition: total > 0, error: e}]}}\n"
        ),
        (
            "  - {name: pay, pattern: state_machine/guarded_transition, parameters: {from_states: [new],"
            " to_state: paid, guards: [{condition: total > 0}]}}\n"
        ),
        _steps("{validate: status = 'new'}", "{validate: total > 0}", "{update: Order SET status = 'paid'}"),
        _steps("{validate: total > 0}", "{if: status = 'new', then: [{update: Order SET status = 'paid'}]}"),
        _steps("{validate: total > 0}", "{if: status = 'new', update: Order SET status = 'paid'}"),
        _steps("{validate: total > 0, when: status = 'new', update: Order SET status = 'paid'}"),
        _steps(
            "{validate: total > 0}", "{validate: \"'new' = status\"}", "{update: Order, set: {status: paid}}"
        ),
        _steps(
            "{validate: total > 0}",
            "{validate: \"status IN ('new')\"}",
            "{update: \"Order SET status = 'paid', updated_at = now() WHERE id = :id\"}",
        ),
    ],
)
def test_spellings_of_an_action_mean_the_same(action: str) -> None:
    """Whether it says its states, or validates and updates them."""
    machine = entity_of(_ENTITY + action).machine
    assert machine is not None
    assert machine.states == ("new", "paid", "sent")
    assert machine.transitions == (
        Transition(trigger="pay", sources=("new",), target="paid", guard="total > 0", is_action=True),
    )


def test_a_field_of_the_row_that_is_asked_of_the_server_is_that_field() -> None:
    """As actions say it that are called with a key; the table by its name on the server."""
    asked = "(SELECT status FROM sales.tb_order WHERE id = p_order_id) IN ('new', 'paid')"
    other = "(SELECT status FROM sales.tb_payment WHERE id = p_order_id) = 'new'"
    updated = "sales.tb_order SET status = 'sent' WHERE id = p_order_id"
    text = _steps(f'{{validate: "{asked}"}}', f'{{validate: "{other}"}}', f'{{update: "{updated}"}}')
    scenario = scenario_of(_ENTITY + text)
    machine = scenario.entities[0].entity.machine
    assert machine is not None
    assert machine.transitions == (
        Transition(trigger="pay", sources=("new", "paid"), target="sent", is_action=True),
    )
    assert ["without the condition" in note for note in scenario.notes] == [True]


def test_conditions_about_the_state_narrow_the_sources() -> None:
    """All of them together, and they are no guard; without any the action may come from every other state."""
    narrowed = _steps(
        "{validate: \"status IN ('new', 'paid')\"}",
        "{validate: status = 'paid'}",
        "{update: Order SET status = 'sent'}",
    )
    machine = entity_of(_ENTITY + narrowed).machine
    assert machine is not None
    assert machine.transitions[0].sources == ("paid",)
    machine = entity_of(_ENTITY + _steps("{update: Order SET status = 'sent'}")).machine
    assert machine is not None
    assert machine.transitions[0].sources == ("new", "paid")


@pytest.mark.parametrize(
    "condition",
    [
        "input_data.total > 5",
        "caller.can_pay",
        "EXISTS (SELECT 1 FROM payment)",
        "total > :limit",
        "total > ?",
        "total > $1",
        "weight > 5",
    ],
)
def test_a_condition_that_reads_more_than_the_row_is_left_out_with_a_note(condition: str) -> None:
    """The transition is built without it, and says so."""
    scenario = scenario_of(
        _ENTITY + _steps(f'{{validate: "{condition}"}}', "{update: Order SET status = 'sent'}")
    )
    machine = scenario.entities[0].entity.machine
    assert machine is not None
    assert machine.transitions[0].guard is None
    note = f'action pay is built without the condition "{condition}": it reads more than the row'
    assert f"1.yaml: {note}" in scenario.notes


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (_steps("{insert: Order}"), "it inserts rows: order_create does"),
        (
            _steps("{update: Order SET total = 5}"),
            "it changes no state: order_update changes the other fields",
        ),
        (_steps("{delete: Order}"), "it deletes rows: order_delete does"),
        (_steps("{call: pay(:id)}"), "no operation is made of these steps: call"),
        (
            _steps("{update: Payment SET status = 'paid'}"),
            "it changes no state: order_update changes the other fields",
        ),
        (
            _steps("{update: Order SET status = ?}"),
            "the state it leads to is a parameter: give its transitions, a trigger each",
        ),
        (
            _steps("{update: Order SET status = 'paid'}", "{update: Order SET status = 'sent'}"),
            "which state it leads to depends on its steps: give it as transitions",
        ),
        ("  - {name: pay}\n", "it has no steps"),
        ("  - {name: pay, pattern: crud/delete}\n", "order_delete is that operation"),
        ("  - {name: pay, pattern: batch/bulk}\n", "no operation is made of the pattern batch/bulk"),
    ],
)
def test_every_other_action_is_listed_with_the_reason(action: str, reason: str) -> None:
    """It is not silently absent."""
    entity = entity_of(_ENTITY + action)
    assert entity.machine is None
    assert entity.not_built == (NotBuilt(name="action pay", reason=reason),)


def test_the_state_is_where_an_action_moves_it() -> None:
    """Where no field is called status or state, the enumeration that is set."""
    text = "entity: Deal\nfields: {size: 'enum(s, m)', stage: 'enum(open, won)'}\nactions:\n"
    machine = entity_of(text + "  - {name: win, steps: [{update: Deal SET stage = 'won'}]}\n").machine
    assert machine is not None
    assert (machine.field, machine.states) == ("stage", ("open", "won"))


@pytest.mark.parametrize(
    ("rules", "expression", "field"),
    [
        ("[{name: r, field: a, rule: a > 0}]", "a > 0", "a"),
        ("[{name: r, expression: a > 0}]", "a > 0", "a"),
        ("[{name: r, check: b > a, fields: [b, a]}]", "b > a", "b"),
        ("[{name: r, condition: a > 0, error: no}]", "a > 0", "a"),
        ("[{name: r, rule: a > 0, condition: b > 0}]", "NOT (b > 0) OR (a > 0)", "a"),
    ],
)
@pytest.mark.parametrize(
    "place", ["patterns: [{name: validation, rules: %s}]", "patterns: [validation: %s]", "validation: %s"]
)
def test_spellings_of_a_rule(place: str, rules: str, expression: str, field: str) -> None:
    """Whatever the words, and wherever they stand."""
    entity = entity_of(f"name: order\nfields: {{id: uuid, a: integer, b: integer}}\n{place % rules}\n")
    assert [(rule.name, rule.expression, rule.field) for rule in entity.rules] == [("r", expression, field)]


def test_indexes_are_those_of_fields_and_of_lists() -> None:
    """Each once; what the fields cannot have leaves a note."""
    text = (
        "name: order\nfields: {id: uuid, a: {type: text, unique: true}, b: {type: integer, index: true}, j: json}\n"
        "indexes: [a, [b, a], {columns: [j], using: gin}, {fields: [b], type: hash}, {fields: [a], type: gist}]\n"
    )
    scenario = scenario_of(text)
    assert scenario.entities[0].entity.indexes == (
        Index(fields=("a",)),
        Index(fields=("b",)),
        Index(fields=("b", "a")),
        Index(fields=("j",), method="gin"),
        Index(fields=("b",), method="hash"),
    )
    assert scenario.notes == (
        "1.yaml: the index on a is not made: a gist index on columns of these types needs an extension",
        "1.yaml: unique: an index is made that admits values twice",
    )

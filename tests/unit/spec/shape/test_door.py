"""Wrong shapes, and what is still read beside them."""

from __future__ import annotations

import pytest

from tests.documents import messages_of, mistakes_of

ENTITY = "name: order\nfields: {id: uuid, status: string}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "fields: [id]\n",
            "1:9 fields: it must be a mapping, found a list: write name: type lines, such as id: uuid",
        ),
        (
            "patterns: {a: b}\n",
            (
                '1:11 patterns: it must be a list, found a mapping: write "- name: state_machine"'
                " with its keys beside the name"
            ),
        ),
        ("performance: fast\n", '1:14 performance: it must be a mapping, found "fast"'),
        ("test_config: {}\n", '1:14 test_config needs "performance"'),
        (
            "requirements: [a]\n",
            (
                "1:15 requirements: it must be a mapping, found a list: write groups of operations,"
                " such as api: {order_create: {p95: 200ms}}"
            ),
        ),
        ("requirements: {api: [a]}\n", "1:21 api: it must be a mapping, found a list"),
        ("requirements: {api: {x: 5}}\n", '1:25 x: it must be a mapping, found "5"'),
        (
            "requirements: {api: {x: {}}}\n",
            ("1:25 the limits of an operation: nothing is asked for: give a limit, such as p95: 200ms"),
        ),
        (
            "requirements: {}\n",
            (
                "1:15 requirements: nothing is asked for: give a group,"
                " such as api: {order_create: {p95: 200ms}}"
            ),
        ),
        (
            "service_level_agreements: [a]\n",
            (
                "1:27 service_level_agreements: it must be a mapping, found a list: write"
                ' tiers, such as critical: with "- operation: order_create"'
            ),
        ),
        ("service_level_agreements: {a: [b]}\n", '1:32 a: each item must be a mapping, found "b"'),
        (
            "service_level_agreements: {a: [{operation: b}]}\n",
            ("1:32 a service level: nothing is asked for: give a promise, such as availability: 0.999"),
        ),
        ("performance: {requirements: [{target_p95: 1s}]}\n", '1:30 a requirement needs "operation"'),
        (
            "performance: {requirements: [{operation: x}]}\n",
            ("1:30 a requirement: nothing is asked for: give a limit, such as target_p95: 200ms"),
        ),
        (
            "performance: {data_sets: [{name: a}]}\n",
            ("1:27 a data set: nothing is asked for: give the rows of a table, such as orders: 100"),
        ),
        ("performance: {metrics: latency}\n", '1:24 metrics: it must be a list, found "latency"'),
        ("performance: {metrics: [[a]]}\n", "1:25 metrics: it must be a metric, found a list"),
        ("version: 2.0\nrequirements: {api: {x: {p95: 1s}}}\n", '1:10 unknown version "2.0"'),
        (
            "workload: {}\n",
            (
                "1:11 workload: nothing is asked for: give a key, such as mode: mix, or ops with operations of"
                " your own"
            ),
        ),
    ],
)
def test_a_wrong_shape_says_what_belongs_there(text: str, message: str) -> None:
    """What was found, what is expected, and how that is written."""
    assert message in messages_of(text)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("status_machine", '3:13 a pattern is a mapping, found "status_machine"'),
        ("{state_machine: {}}", '3:29 a state machine needs "initial_state"'),
        ("{state_machine: [a]}", "3:29 a pattern is a mapping, found a list"),
        ("[a]", "3:13 a pattern is a mapping, found a list"),
        ("{}", '3:13 a pattern needs "name"'),
        ("{name: status_machine}", '3:20 unknown pattern "status_machine"'),
        ("{name: [a]}", '3:20 unknown pattern "a list"'),
        ("{name: validation}", '3:13 a validation needs "rules"'),
    ],
)
def test_other_spellings_of_a_pattern_are_named(pattern: str, message: str) -> None:
    """The message says which spelling is read."""
    assert messages_of(f"{ENTITY}patterns: [ {pattern} ]\n")[0].startswith(message)


def test_an_unknown_key_names_the_known_ones() -> None:
    """The nearest one is suggested, in every kind of mapping."""
    (mistake,) = mistakes_of(f"{ENTITY}performance: {{iteration: 5}}\n")
    assert mistake.message == 'unknown key "iteration" in performance'
    assert mistake.suggestion == "iterations"
    assert "concurrency" in mistake.allowed


@pytest.mark.parametrize(
    ("limits", "suggestion"),
    [
        ("requirements: {api: {x: {target_p95: 1s}}}", "p95"),
        ("requirements: {api: {x: {max_error_rate: 0.1}}}", "error_rate"),
        ("performance: {requirements: [{operation: x, p95: 1s}]}", "target_p95"),
        ("performance: {requirements: [{operation: x, error_rate: 0.1}]}", "max_error_rate"),
    ],
)
def test_the_words_of_the_other_document_lead_to_the_right_ones(limits: str, suggestion: str) -> None:
    """A requirements document says p95, a test configuration says target_p95."""
    (mistake,) = mistakes_of(ENTITY + limits)
    assert mistake.suggestion == suggestion


def test_one_wrong_leaf_hides_no_other_mistake() -> None:
    """Names are still resolved in what is left."""
    text = """\
name: order
feilds: {}
fields:
  id: uuid
  status: sting
  total: decimal
patterns:
  - name: state_machine
    initial_state: pendng
    states: [pending, confirmed, null]
    transitions:
      - {from: pending, to: confirmd, trigger: confirm}
      - {from: pending, to: confirmed}
  - name: validation
    rules:
      - {name: r, field: totl, rule: total > 0}
      - {name: s, field: status, rule: "(total > 0"}
performance: {iterations: x, data_sets: [{name: a, ordrs: 5}]}
"""
    assert messages_of(text) == [
        '2:1 unknown key "feilds" in a document',
        '5:11 unknown field type "sting" in entity "order"',
        '9:20 unknown state "pendng"',
        '10:34 states: a name is needed here; "null" in quotes, if that is the name',
        '12:29 unknown state "confirmd"',
        '13:9 a transition needs "trigger"',
        '16:26 rule "r" is about "totl", which is no field',
        '17:41 rule: this "(" is never closed',
        '18:27 iterations: "x" is not a whole number: write digits, from 1 to 1000000000',
        '18:52 data set "a": "ordrs" is no table of this run',
    ]


def test_a_wrong_piece_is_not_a_second_mistake_where_it_is_used() -> None:
    """A field of unknown type is still a field, a state that cannot be a name is still no cascade."""
    text = """\
name: order
fields: {id: uuid, status: strng, customer_id: uid}
patterns:
  - name: state_machine
    initial_state: a
    states: [a, {name: b, colour: red}]
    transitions: [{from: a, to: b, trigger: go}]
  - {name: validation, rules: [{name: r, field: status, rule: "status > ''"}]}
performance: {data_sets: [{name: d, customers: 5}]}
"""
    assert messages_of(text) == [
        '2:28 unknown field type "strng" in entity "order"',
        '2:48 unknown field type "uid" in entity "order"',
        '6:27 unknown key "colour" in a state',
    ]


def test_a_machine_without_one_of_its_keys_is_still_checked() -> None:
    """What is missing and what is wrong are shown together."""
    transitions = "[{from: a, to: c, trigger: go}]"
    text = f"{ENTITY}patterns:\n  - name: state_machine\n    states: [a, b]\n    transitions: {transitions}\n"
    assert messages_of(text) == ['4:5 a state machine needs "initial_state"', '6:33 unknown state "c"']

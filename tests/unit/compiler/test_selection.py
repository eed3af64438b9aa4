"""What `--filter` and `--exclude` select."""

from __future__ import annotations

import pytest

from perfengine.compiler.selection import matches
from perfengine.errors import UsageError
from perfengine.model.operation import Kind
from perfengine.model.settings import LoadSettings
from tests.entities import compile_entities, make_entity, make_order, operation_of


def selected(*filters: str, excludes: tuple[str, ...] = ()) -> list[str]:
    """Return the names of the selected operations of the original document."""
    settings = LoadSettings(filters=filters, excludes=excludes)
    return [item.operation.name for item in compile_entities(make_order(), settings=settings).operations]


def test_without_a_filter_everything_but_the_optional_runs() -> None:
    """Deletes and invalid transitions wait to be asked for."""
    names = selected()
    assert len(names) == 14
    assert not any(name.startswith("invalid_") or name.endswith("_delete") for name in names)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # the full id
        ("*state_machine*confirm", ["single_order_confirm", "bulk_order_confirm"]),
        ("order.crud.order_query", ["order_query"]),
        # the name
        ("bulk_order_sh?p", ["bulk_order_ship"]),
        ("order_query", ["order_query"]),
        # the kind, and its other word
        ("simple_select", ["order_status_query", "order_query"]),
        ("complex_search", ["complex_order_search"]),
        ("validation_*", ["validate_order_positive_total_accept", "validate_order_positive_total_reject"]),
        # an alias, letter by letter
        ("order_confirm", ["single_order_confirm"]),
        ("bulk_order_confirmation", ["bulk_order_confirm"]),
        # optional: by name, full id or kind, never by a glob
        ("order_delete", ["order_delete"]),
        ("order.crud.order_delete", ["order_delete"]),
        ("delete", ["order_delete"]),
        ("order.crud.*", ["order_create", "order_query", "order_update", "bulk_order_update"]),
    ],
)
def test_a_pattern_selects(pattern: str, expected: list[str]) -> None:
    """Globs match full id, name and kind; a word without wildcards may be an alias too."""
    assert selected(pattern) == expected


def test_the_filter_of_the_original_document_selects_its_pattern() -> None:
    """`*state_machine*` is everything that the state machine compiles into."""
    assert selected("*state_machine*") == [
        "single_order_confirm",
        "bulk_order_confirm",
        "single_order_ship",
        "bulk_order_ship",
        "single_order_deliver",
        "bulk_order_deliver",
        "order_status_query",
        "complex_order_search",
    ]


def test_several_filters_add_up_and_excludes_take_away() -> None:
    """The order stays that of the benchmark."""
    found = selected("order_update", "order_query", "*_ship", excludes=("bulk_*", "update"))
    assert found == ["single_order_ship", "order_query"]


def test_upper_and_lower_case_differ() -> None:
    """A glob means the letters it has, on every system."""
    operation = operation_of(compile_entities(make_order()), "order_query")
    assert matches("ORDER*", operation) is False
    assert matches("order*", operation) is True


def test_a_name_with_wildcard_signs_can_be_named() -> None:
    """An operation called [x]_create is meant by its own name."""
    settings = LoadSettings(filters=("[x]_create",))
    plan = compile_entities(make_entity("[x]"), settings=settings)
    assert [item.operation.kind for item in plan.operations] == [Kind.INSERT]


def test_selecting_nothing_lists_what_there_is() -> None:
    """The message repeats what was asked and names every operation with its kind."""
    with pytest.raises(UsageError) as caught:
        selected("*invoice*", excludes=("x",))
    assert str(caught.value).splitlines()[:3] == [
        "nothing to run: --filter *invoice* --exclude x selects none of these operations",
        "   order.crud.order_create [insert]",
        "   order.state_machine.single_order_confirm [single_transition]",
    ]
    assert "   order.crud.order_delete [delete] (runs only when a filter or a mix names it)" in str(
        caught.value
    )


def test_selecting_what_is_not_built_says_why() -> None:
    """A name that a user may expect is not just missing from the list."""
    with pytest.raises(UsageError, match=r"\n   complex_order_search is not built: it needs two of"):
        compile_entities(make_entity("order"), settings=LoadSettings(filters=("complex_*",)))


def test_a_pattern_that_matches_nothing_beside_others_is_noted() -> None:
    """A typing mistake among several filters does not pass in silence."""
    settings = LoadSettings(filters=("order_query", "order_qwery"), excludes=("zzz",))
    assert compile_entities(make_order(), settings=settings).notes == (
        '--filter "order_qwery" matches no operation',
        '--exclude "zzz" matches no operation',
    )


def test_what_is_not_selected_is_still_available() -> None:
    """Limits and listings know the operations that do not run."""
    plan = compile_entities(make_order(), settings=LoadSettings(filters=("order_query",)))
    assert len(plan.operations) == 1
    assert len(plan.available) == 18

"""The order in which operations run."""

from __future__ import annotations

from tests.entities import compile_entities, make_entity, make_order, names_of


def test_the_original_document_runs_in_the_order_of_a_benchmark() -> None:
    """Create, single and bulk along the machine, reads, changes, validation."""
    assert names_of(compile_entities(make_order()).available) == [
        "order_create",
        "single_order_confirm",
        "bulk_order_confirm",
        "invalid_order_confirm",
        "single_order_ship",
        "bulk_order_ship",
        "invalid_order_ship",
        "single_order_deliver",
        "bulk_order_deliver",
        "invalid_order_deliver",
        "order_status_query",
        "complex_order_search",
        "order_query",
        "order_update",
        "bulk_order_update",
        "order_delete",
        "validate_order_positive_total_accept",
        "validate_order_positive_total_reject",
    ]


def test_entities_follow_one_another() -> None:
    """All of one entity comes before all of the next, in the order of the documents."""
    plan = compile_entities(make_order(), make_entity("customer"))
    entities = [operation.entity for operation in plan.available]
    assert entities == ["order"] * 18 + ["customer"] * 3

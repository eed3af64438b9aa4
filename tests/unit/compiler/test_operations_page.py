"""The reference page says what the compiler does."""

from __future__ import annotations

from pathlib import Path

from tests.entities import compile_entities, make_order

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "operations.md"


def table_rows() -> list[tuple[str, ...]]:
    """Return the rows of the page's first table, for the entity order."""
    lines = PAGE.read_text(encoding="utf-8").split("## The table")[1].split("## ")[0].splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")
    ]
    names = {"{e}": "order", "{trigger}": "ship", "{rule}": "positive_total", "`": ""}
    return [tuple(_filled(cell, names) for cell in row) for row in cells]


def _filled(text: str, names: dict[str, str]) -> str:
    for placeholder, name in names.items():
        text = text.replace(placeholder, name)
    return text


def test_the_table_is_what_is_compiled() -> None:
    """Names, aliases, groups, kinds, iterations and rows of the page are those of the plan, in its order."""
    plan = compile_entities(make_order())
    compiled = [
        (
            f"{op.name} (optional)" if op.optional else op.name,
            ", ".join(op.aliases),
            str(op.group),
            str(op.kind),
            str(op.default_iterations),
            str(op.rows.per_attempt if op.rows else 0),
        )
        for op in plan.available
        if "confirm" not in op.name and "deliver" not in op.name
    ]
    assert table_rows() == compiled


def test_statements_of_the_page_are_those_of_the_compiler() -> None:
    """Each statement shown is compiled from the entity that the page describes."""
    order = make_order()
    fields = tuple(
        type(field)(name="total", type=field.type) if field.name == "total_amount" else field
        for field in order.fields
        if field.name != "customer_id"
    )
    plan = compile_entities(type(order)(name="order", fields=fields, machine=order.machine))
    shown = [
        line
        for block in PAGE.read_text(encoding="utf-8").split("```sql\n")[1:]
        for line in block.split("```")[0].splitlines()
    ]
    assert len(shown) == 9
    assert set(shown) <= {operation.sql for operation in plan.available}

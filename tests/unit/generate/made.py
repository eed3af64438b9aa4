"""Generated files without a server: what it would say of the rules is given."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfengine.generate.files import generated_files
from perfengine.model.generated import GenerateInput, Origin, TriedValues
from perfengine.model.settings import LoadSettings
from tests.entities import compile_entities, make_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.entity import Entity
    from perfengine.model.generated import RuleKey

ORIGIN = Origin(
    version="0.1.0", paths=("../../entities/order.yaml",), sha256="5eed" * 16, command="perfengine generate"
)
_RULED: dict[RuleKey, Decimal] = {
    ("positive_total", "total_amount", True): Decimal("0.01"),
    ("positive_total", "total_amount", False): Decimal(0),
}


def files_of(
    *entities: Entity,
    with_schema: bool = False,
    excludes: tuple[str, ...] = (),
    schemas: Mapping[str, str] | None = None,
    origin: Origin = ORIGIN,
) -> dict[str, str]:
    """Return the texts of the files of these entities by name; of the order, when there are none."""
    plan = compile_entities(*(entities or (make_order(),)), settings=LoadSettings(excludes=excludes))
    tables = {table.name: table for table in plan.tables}
    given = GenerateInput(
        plan=plan,
        tried=TriedValues(tables=tables, ruled={"order": _RULED}),
        origin=origin,
        with_schema=with_schema,
        excludes=excludes,
        schemas=schemas or {},
    )
    return {file.name: file.text for file in generated_files(given)}

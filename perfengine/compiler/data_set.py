"""Pass: how many rows of the data set each table gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.generators import table_drawn_from
from perfengine.errors import PlanError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.scenario import DataSet, EntityScenario
    from perfengine.model.table import Table

#: Rows of a table that no data set speaks of, as in the original document: 1000 orders.
DEFAULT_ROWS: Final = 1000
#: Rows of a table to one row of a table it refers to: both data sets of the original document have ten.
CHILDREN_PER_PARENT: Final = 10
#: A row is drawn by scaling a 32-bit word inside a bigint, which holds for this many rows.
MAX_DATA_ROWS: Final = 1 << 31


def size_data_set(draft: Draft) -> Draft:
    """Return the draft with the rows of every table, from `--data-size`, a data set, or the defaults.

    Raises: UsageError for an unknown `--data-set`, or one beside a `--data-size`; PlanError for a size that
    no rows can have.
    """
    size, name = draft.settings.data_size, draft.settings.data_set
    if size is not None and name is not None:
        raise UsageError("--data-size and --data-set both say how many rows there are: give one of them")
    chosen = _chosen(draft.entities, name) if size is None else {}
    said = _rows_said(chosen)
    rows: dict[str, int] = {}
    for table in reversed(draft.tables):  # children first: a parent is sized by them
        rows[table.name] = said.get(table.name, _usual_rows(table, draft.tables, rows, size))
    problems = [*_problems(draft.tables, rows)]
    if problems:
        raise PlanError("\n".join(problems))
    label = f"--data-size {size}" if size is not None else _label(chosen)
    return replace(draft, data_set=label, data_rows={table.name: rows[table.name] for table in draft.tables})


def _chosen(entities: Sequence[EntityScenario], name: str | None) -> Mapping[str, DataSet]:
    """Return each entity's data set: the one of that name, else its first."""
    known = dict.fromkeys(data_set.name for one in entities for data_set in one.performance.data_sets)
    if name is not None and name not in known and entities:
        there = ", ".join(known) if known else "the documents have none"
        raise UsageError(f'there is no data set "{name}"; known: {there}')
    found: dict[str, DataSet] = {}
    for one in entities:
        data_sets = {data_set.name: data_set for data_set in reversed(one.performance.data_sets)}
        if data_sets:
            first = one.performance.data_sets[0]
            found[one.entity.name] = data_sets.get(name, first) if name is not None else first
    return found


def _rows_said(chosen: Mapping[str, DataSet]) -> dict[str, int]:
    """Return what the data sets say; of a table, its own entity's data set, else the largest."""
    said: dict[str, int] = {}
    for data_set in chosen.values():
        for table, rows in data_set.rows.items():
            said[table] = max(rows, said.get(table, 0))
    for entity, data_set in chosen.items():
        if entity in data_set.rows:
            said[entity] = data_set.rows[entity]
    return said


def _usual_rows(table: Table, tables: Sequence[Table], rows: Mapping[str, int], size: int | None) -> int:
    children = [
        rows[child.name]
        for child in tables
        if any(column.references == table.name for column in child.columns)
    ]
    if not children:
        return DEFAULT_ROWS if size is None else size
    return max(1, max(children) // CHILDREN_PER_PARENT)


def _problems(tables: Sequence[Table], rows: Mapping[str, int]) -> Iterator[str]:
    for table in tables:
        if rows[table.name] > MAX_DATA_ROWS:
            yield f"the data set has {rows[table.name]} rows of {table.name}; the most is {MAX_DATA_ROWS}"
        for column in table.columns:
            parent = column.references or table_drawn_from(column.generator)
            if parent is not None and rows[parent] == 0:
                yield (
                    f"{table.name}.{column.name} refers to {parent}, of which the data set has 0 rows:"
                    " give it at least one"
                )


def _label(chosen: Mapping[str, DataSet]) -> str:
    names = dict.fromkeys(data_set.name for data_set in chosen.values())
    return ", ".join(names) or "default"

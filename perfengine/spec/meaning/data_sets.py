"""Data sets: `orders: 100` to rows of the table `order`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.scenario import DataSet
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.performance_parts import DataSetPart


def plural(noun: str) -> str:
    """Return the plural that an English speaker writes for a table: `orders`, `categories`, `boxes`."""
    if noun.endswith("y") and noun[-2:-1] not in {"a", "e", "i", "o", "u", ""}:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def table_words(tables: Iterable[str]) -> dict[str, str]:
    """Return the words that stand for tables: each table's name and its plural. A name beats a plural."""
    names = tuple(tables)
    words = {**{plural(name): name for name in names}, **{name: name for name in names}}
    return dict(sorted(words.items()))


def build_data_sets(
    parts: Sequence[DataSetPart], tables: Mapping[str, str] | None, mistakes: Mistakes
) -> tuple[DataSet, ...]:
    """Return the data sets of one list. `tables` are the known words; None: unknown, nothing is checked."""
    data_sets: dict[str, DataSet] = {}
    for part in parts:
        if part.name in data_sets:
            mistakes.add(
                part.place("name"), f"data set {quoted(part.name)} is there twice: give each its own name"
            )
        data_sets.setdefault(part.name, DataSet(name=part.name, rows=_rows(part, tables, mistakes)))
    return tuple(data_sets.values())


def _rows(part: DataSetPart, tables: Mapping[str, str] | None, mistakes: Mistakes) -> dict[str, int]:
    rows: dict[str, int] = {}
    for word, count in part.counts.items():
        table = word if tables is None else tables.get(word)
        if table is None:
            message = f"data set {quoted(part.name)}: {quoted(word)} is no table of this run"
            mistakes.add(part.node.keys_at[word], message, allowed=tables or (), found=word)
        elif table in rows:
            mistakes.add(part.node.keys_at[word], f"the rows of {quoted(table)} are given twice: keep one")
        else:
            rows[table] = count
    return rows

"""The tables and functions that a plan works on, with how the values of each column are made.

Names are bare here and quoted in every SQL text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.entity import Field, Index
    from perfengine.model.existing import Place
    from perfengine.model.generator import Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sandbox table, with how its values are made."""

    field: Field
    sql_type: str
    generator: Generator
    references: str | None = None  #: the table whose key this column holds
    unique: bool = False  #: no other row may have its value, whoever made it: the table's salt goes into it

    @property
    def name(self) -> str:
        """The bare name."""
        return self.field.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A validation rule as a CHECK constraint of its table."""

    constraint: str  #: the bare constraint name
    rule: str
    field: str
    expression: str
    #: the fields the expression reads, `field` first; key and references only where it reads nothing else
    fields: tuple[str, ...]
    candidates: tuple[tuple[str, tuple[str | None, ...]], ...]  #: per field, values to try, as SQL text input


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the sandbox, or one that is on the server already; `columns[0]` is the key.

    Of an existing table `columns` are those that rows of ours say; the others take their defaults.
    """

    name: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    parent: bool = False  #: made only because another table refers to it
    place: Place | None = None  #: where it is on the server; None: in the sandbox
    first_key: int = 1  #: integer keys of rows of ours count from here
    key_salt: str = (
        ""  #: in the stream of keys that are no numbers: sets those of a run apart from all others
    )
    overrides_identity: bool = False  #: the key is an identity column that is always generated

    @property
    def sql(self) -> str:
        """The table as SQL: `"order"`, found by the search path, or `"app"."tb_order"`."""
        return quote_identifier(self.name) if self.place is None else self.place.sql

    @property
    def key(self) -> Column:
        """The primary key column."""
        return self.columns[0]

    def column(self, name: str) -> Column:
        """Return the column of that bare name. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A transition function of the sandbox."""

    name: str
    arguments: str  #: `"uuid"`: the argument types as SQL
    ddl: str

"""What a server's catalog says of tables and functions that are there already. Names are bare, types as SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.existing_question import Answer, Question


#: The schema of tables that a session makes for itself, and that go with it.
OF_SESSION: Final = "pg_temp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a table, a type or a function is: schema and name, both bare."""

    schema: str
    name: str

    @property
    def sql(self) -> str:
        """Both quoted: `"app"."tb_order"`."""
        return f"{quote_identifier(self.schema)}.{quote_identifier(self.name)}"

    @property
    def shown(self) -> str:
        """As messages have it: `app.tb_order`."""
        return f"{self.schema}.{self.name}"


class TableKind(StrEnum):
    """What a relation is, in words for messages."""

    TABLE = "table"
    PARTITIONED = "partitioned table"
    PARTITION = "partition"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN_TABLE = "foreign table"

    @property
    def holds_rows(self) -> bool:
        """Whether rows can be put in and taken out by key."""
        return self in {TableKind.TABLE, TableKind.PARTITIONED}

    @property
    def has_pages(self) -> bool:
        """Whether some of its pages can be read without the others, by TABLESAMPLE."""
        return self not in {TableKind.VIEW, TableKind.FOREIGN_TABLE}


class TypeKind(StrEnum):
    """What a type is."""

    BASE = "base"
    ENUM = "enum"
    ARRAY = "array"
    COMPOSITE = "composite"
    RANGE = "range"


class Identity(StrEnum):
    """How an identity column takes values."""

    NONE = ""
    ALWAYS = "always"  #: a value of ours needs OVERRIDING SYSTEM VALUE
    BY_DEFAULT = "by default"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCheck:
    """A rule of a domain."""

    name: str
    expression: str  #: a condition over VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnType:
    """The type of a column; of a domain what lies under it, with the domain's own name and rules."""

    sql: str  #: as format_type says, schema and all: `numeric(10,2)`, `app.order_status`
    base: str  #: under all domains: `numeric`, `varchar`, `timestamptz`; of an enum or composite its own name
    base_sql: str  #: as `sql`, under all domains: `character varying(20)`
    kind: TypeKind = TypeKind.BASE
    length: int | None = None  #: characters of varchar(n) and char(n)
    precision: int | None = None  #: digits of numeric(p, s)
    scale: int | None = None
    labels: tuple[str, ...] = ()  #: of an enum, in its order
    domain: str | None = None  #: the domain's name as SQL
    domain_checks: tuple[DomainCheck, ...] = ()  #: of all domains it is made of
    domain_not_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingColumn:
    """A column of an existing table."""

    name: str
    type: ColumnType
    nullable: bool
    default: str | None = None  #: the expression, as the catalog has it
    identity: Identity = Identity.NONE
    generated: bool = False  #: computed from other columns: nobody writes it
    may_select: bool = True  #: the current role; on the column itself or the whole table
    may_insert: bool = True
    may_update: bool = True

    @property
    def has_default(self) -> bool:
        """Whether a row that does not name the column gets a value for it."""
        return self.default is not None or self.identity is not Identity.NONE or self.generated


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueKey:
    """A primary key, a unique constraint or a unique index; `columns` are in key order."""

    name: str
    columns: tuple[str, ...]  #: an expression of an index is none of them
    primary: bool = False
    deferrable: bool = False
    partial: bool = False  #: holds for some rows only, or over expressions: no column by itself is unique
    nulls_equal: bool = False  #: NULLS NOT DISTINCT: a null equals a null
    read: tuple[str, ...] = ()  #: columns that its expressions read


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """`columns` of `table` refer to `target_columns` of `target`."""

    name: str
    table: Place
    columns: tuple[str, ...]
    target: Place
    target_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"  #: RESTRICT, CASCADE, SET NULL, SET DEFAULT
    deferrable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingCheck:
    """A CHECK constraint."""

    name: str
    expression: str  #: the condition, as the catalog has it
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingTrigger:
    """An enabled trigger that is nobody's constraint."""

    name: str
    timing: str  #: BEFORE, AFTER, INSTEAD OF
    events: tuple[str, ...]  #: INSERT, UPDATE, DELETE, TRUNCATE
    function: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRights:
    """What the current role may do with the table as a whole."""

    usage: bool = True  #: of its schema
    select: bool = True
    insert: bool = True
    update: bool = True
    delete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingTable:
    """A relation as it is on the server."""

    place: Place
    kind: TableKind
    columns: tuple[ExistingColumn, ...]
    keys: tuple[UniqueKey, ...] = ()
    references: tuple[ForeignKey, ...] = ()  #: from here to others
    checks: tuple[ExistingCheck, ...] = ()
    triggers: tuple[ExistingTrigger, ...] = ()
    rights: TableRights = TableRights()
    row_security: bool = False  #: its policies hold for the current role
    rewrite_rules: bool = False  #: CREATE RULE: a statement may come to something else than it says
    estimated_rows: int = 0  #: by the server's own estimate

    @property
    def primary_key(self) -> UniqueKey | None:
        """The primary key; None where there is none."""
        return next((key for key in self.keys if key.primary), None)

    def column(self, name: str) -> ExistingColumn:
        """Return the column of that bare name. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def is_unique(self, name: str) -> bool:
        """Return whether the column by itself names at most one row."""
        return any(key.columns == (name,) and not key.partial for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnType:
    """What a function returns, as far as it says whether the call was a success."""

    sql: str  #: as the catalog has it: `boolean`, `app.mutation_result`, `SETOF uuid`
    base: str  #: under domains, `void`, `bool`, `uuid`, `record`
    set_of: bool = False
    columns: tuple[tuple[str, str], ...] = ()  #: name and type, of a composite or of RETURNS TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingFunction:
    """A function or procedure; overloads are functions of one place."""

    place: Place
    arguments: tuple[str, ...]  #: types of the IN arguments, as SQL
    argument_names: tuple[str, ...]  #: "" where one has none
    defaults: int  #: how many of the last arguments may be left out
    returns: ReturnType
    volatility: str  #: volatile, stable, immutable
    procedure: bool = False
    may_execute: bool = True

    @property
    def shown(self) -> str:
        """As messages have it: `app.confirm_order(uuid, uuid, jsonb) returns app.mutation_result`."""
        what = f"{self.place.shown}({', '.join(self.arguments)})"
        return f"procedure {what}" if self.procedure else f"{what} returns {self.returns.sql}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingSchema:
    """All that was read of a server, for matching with a scenario. No rows, except for answers to questions."""

    database: str
    role: str
    search_path: tuple[str, ...]  #: schemas in which the role looks, system ones apart
    tables: tuple[ExistingTable, ...]
    functions: tuple[ExistingFunction, ...]
    asked_schema: str | None = None  #: `--schema`: tables and functions are looked for in this one alone
    answers: Mapping[Question, Answer] = field(default_factory=dict)

    def table(self, place: Place) -> ExistingTable | None:
        """Return the table at that place; None where there is none, or it may not be seen."""
        return next((table for table in self.tables if table.place == place), None)

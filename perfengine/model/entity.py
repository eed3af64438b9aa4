"""What the author described: an entity, its fields, its state machine and its validation rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from decimal import Decimal

    from perfengine.model.existing import Place


class FieldType(StrEnum):
    """The type words of a document; the comment is the PostgreSQL column type."""

    BIGINT = "bigint"  #: bigint
    BOOLEAN = "boolean"  #: boolean
    DATE = "date"  #: date
    DECIMAL = "decimal"  #: numeric(precision, scale), (10, 2) unless said
    FLOAT = "float"  #: double precision
    INTEGER = "integer"  #: integer
    JSON = "json"  #: jsonb
    STRING = "string"  #: varchar(length), 255 unless said
    TEXT = "text"  #: text
    TIMESTAMP = "timestamp"  #: timestamptz, as in the seed's own table definition
    UUID = "uuid"  #: uuid


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of an entity. Not null unless the document says so."""

    name: str
    type: FieldType
    nullable: bool = False
    precision: int = 10
    scale: int = 2
    length: int = 255
    values: tuple[str, ...] = ()  #: of `enum(...)`: the only ones it holds; none: any
    low: Decimal | None = None  #: the least number it holds, where the document says one
    high: Decimal | None = None  #: the largest
    #: texts that its values look like, `{index}` and `{word}` to be replaced; any of them; none: no idea
    like: tuple[str, ...] = ()
    references: str | None = None  #: the table that the document says it refers to
    #: of a column that is there: what stands after its parameter, as in `$1::text::inet`
    cast: str = ""

    def parameter(self, number: int) -> str:
        """Return the parameter `$number` as the column takes it."""
        return f"${number}{self.cast}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A trigger that moves an entity from one of `sources` to `target`."""

    trigger: str
    sources: tuple[str, ...]
    target: str
    guard: str | None = None  #: an SQL expression that must hold, as written
    is_action: bool = False  #: the trigger is an action with a name of its own, which means the operation too


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """The pattern `state_machine`. Two transitions of one trigger to one target are one, over both sources."""

    field: str  #: the column that holds the state
    initial_state: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A validation rule: an SQL boolean expression over the fields."""

    name: str
    field: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A field that names a row of another table: `customer_id` refers to `customer`."""

    field: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index of the table of an entity, beside that of its key."""

    fields: tuple[str, ...]
    method: str = "btree"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBuilt:
    """Something of a document of which no operation is made, and why."""

    name: str  #: of the operation that is missing, or of the action
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnServer:
    """The table of an entity that is on a server already; the entity's fields are then its columns."""

    place: Place
    key: str  #: the column that names a row
    overrides_identity: bool = False  #: the key is an identity column that is always generated
    linked: tuple[str, ...] = ()  #: columns that hold keys of other tables
    fixed: tuple[
        str, ...
    ] = ()  #: columns that no update changes: other keys, what functions look a row up by


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity specification. Has a field `id`, its key (added by the reader where the document has none)."""

    name: str
    fields: tuple[Field, ...]
    machine: StateMachine | None = None
    rules: tuple[Rule, ...] = ()
    schema: str | None = None  #: where the document says its table is, on a server that has it
    not_built: tuple[NotBuilt, ...] = ()
    indexes: tuple[Index, ...] = ()
    server: OnServer | None = None  #: None: its table is made for the run

    def field(self, name: str) -> Field:
        """Return the field of that name. Raises: KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def key(self) -> Field:
        """The primary key."""
        return self.field("id" if self.server is None else self.server.key)

    @property
    def sql(self) -> str:
        """Its table as SQL: `"order"`, found by the search path, or `"app"."tb_order"`."""
        return quote_identifier(self.name) if self.server is None else self.server.place.sql

    @property
    def references(self) -> tuple[Reference, ...]:
        """The fields that hold the key of another table: those that say so, and `<table>_id`; in field order."""
        found = ((field, field.references or _table_meant(field)) for field in self.fields)
        return tuple(Reference(field=field.name, table=table) for field, table in found if table)


def _table_meant(field: Field) -> str | None:
    keys = {FieldType.UUID, FieldType.INTEGER, FieldType.BIGINT}
    table = field.name.removesuffix("_id")
    return table if field.type in keys and table not in {"", field.name} else None

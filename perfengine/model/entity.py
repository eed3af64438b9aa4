"""What the author described: an entity, its fields, its state machine and its validation rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """A column of an entity. Not null unless the document says `?` or `nullable: true`."""

    name: str
    type: FieldType
    nullable: bool = False
    precision: int = 10
    scale: int = 2
    length: int = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A trigger that moves an entity from one of `sources` to `target`."""

    trigger: str
    sources: tuple[str, ...]
    target: str
    guard: str | None = None  #: an SQL expression that must hold, as written


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
class Entity:
    """An entity specification. Has a field `id`, its key (added by the reader where the document has none)."""

    name: str
    fields: tuple[Field, ...]
    machine: StateMachine | None = None
    rules: tuple[Rule, ...] = ()

    def field(self, name: str) -> Field:
        """Return the field of that name. Raises: KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def key(self) -> Field:
        """The primary key."""
        return self.field("id")

    @property
    def references(self) -> tuple[Reference, ...]:
        """The fields `<table>_id` that can hold the key of another table, in field order."""
        keys = {FieldType.UUID, FieldType.INTEGER, FieldType.BIGINT}
        return tuple(
            Reference(field=field.name, table=field.name.removesuffix("_id"))
            for field in self.fields
            if field.type in keys and field.name.endswith("_id") and field.name != "_id"
        )

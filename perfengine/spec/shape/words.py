"""Values of a document that keep their type: `5` is a number, `"5"` in quotes is text, as YAML 1.2 has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.amounts import parse_number
from perfengine.spec.shape.names import WORD_SCHEMA
from perfengine.spec.shape.written import Written, text_of, wording
from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from decimal import Decimal

    from perfengine.model.mistake import Position

_MAX_CHOICES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A scalar as written, and where; None is YAML's null."""

    text: str | None
    position: Position

    @property
    def is_quoted(self) -> bool:
        """Whether it is text whatever it looks like."""
        return self.position.source[self.position.column - 1 :][:1] in {"'", '"', "|", ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The words of a `choice:`, and their weights, if they have any."""

    words: tuple[Word, ...]
    weights: tuple[Decimal, ...] = ()


def _read_choices(value: object) -> Choices:
    if not isinstance(value, ListNode | MapNode):
        raise wording(f"it must be a list of values, or value: weight, found {described(value)}")
    if not value:
        raise wording("there is nothing to choose from: list the values")
    if len(value) > _MAX_CHOICES:
        raise wording(f"there are {len(value)} values, at most {_MAX_CHOICES} are read")
    if isinstance(value, ListNode):
        pairs = zip(value, value.items_at, strict=True)
        words = (Word(text=_scalar(item, n), position=at) for n, (item, at) in enumerate(pairs))
        return Choices(words=tuple(words))
    words = (Word(text=key, position=value.keys_at[key]) for key in value)
    return Choices(words=tuple(words), weights=tuple(_weight(value, key) for key in value))


def _scalar(item: object, index: int) -> str | None:
    if item is None or isinstance(item, str):
        return item
    raise wording(f"each value is a word or a number, found {described(item)}", at=index)


def _weight(node: MapNode, key: str) -> Decimal:
    text = text_of(node[key], f"a weight of {quoted(key)}")
    try:
        weight = parse_number(text[:100])
    except ValueError as error:
        raise wording(f"the weight of {quoted(key)}: {error}", at=key) from None
    if weight <= 0:
        raise wording(f"the weight of {quoted(key)} is {text}, it must be above 0", at=key)
    return weight


ChoiceWords = Annotated[
    Choices,
    Written(
        _read_choices,
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "items": {"type": ["string", "number", "boolean", "null"]}},
                {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                },
            ]
        },
    ),
]
ScalarText = Annotated[str, Written(lambda value: text_of(value, "a value"), WORD_SCHEMA)]

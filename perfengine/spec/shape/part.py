"""A part of a document: a pydantic model that knows its node and names its own mistakes.

Unknown and missing keys are noted here, where the part's words are known; wrong values are noted by `door`, which
knows the place. A part that is read again after its wrong pieces were taken away is read without a `Reading`, and so
notes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import MapNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes

_NOTHING: Final = "nothing is written here: give a value, in quotes if it is the word null, or remove the key"
#: Texts for readers, which may be empty.
_REMARKS: Final = frozenset({"description", "message", "error_code"})
_NO_EFFECT: Final = "Read past: no load depends on it."
_NOWHERE: Final = "the part was read from a short form and has no keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a part needs to name its mistakes: where they go, and whose document it is."""

    mistakes: Mistakes
    owner: str = ""  #: ` in entity "order"`, or nothing
    #: what has no effect on a load, and was there: (what kind of mapping, key); the order is that of the document
    skipped: dict[tuple[str, str], None] = field(default_factory=dict)


class Part(BaseModel):
    """A mapping in a document. Subclasses say their fields, and what else is special in class variables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    noun: ClassVar[str] = "this"
    needs: ClassVar[tuple[str, ...]] = ()  #: keys that must be there, yet whose lack leaves the rest readable
    needs_more: ClassVar[str] = ""  #: what else must be there, if the required keys alone say nothing
    not_yet: ClassVar[Mapping[str, str]] = {}  #: keys that are understood and cannot be had, with what to do
    skipped: ClassVar[tuple[str, ...]] = ()  #: keys that other programs read and that no load depends on
    loosely: ClassVar[tuple[str, ...]] = ()  #: required keys that other spellings say in other words
    #: keys that were spelled anew before this part, and what they say
    respelled: ClassVar[Mapping[str, str]] = {}

    _node: MapNode | None = PrivateAttr(default=None)

    @property
    def node(self) -> MapNode:
        """The mapping this was read from."""
        assert self._node is not None, _NOWHERE  # noqa: S101 - an assumption of ours, not a check of input
        return self._node

    def place(self, key: str) -> Position:
        """Return where the value of `key` is."""
        return self.node.values_at[key]

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """Return the keys as documents spell them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def accepts(cls, key: str) -> bool:
        """Return whether the part may have this key."""
        return key in cls.words()

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """Return the keys that must be there."""
        required = [field.alias or name for name, field in cls.model_fields.items() if field.is_required()]
        return (*required, *(key for key in cls.needs if key not in required))

    @model_validator(mode="wrap")
    @classmethod
    def _keep_node(cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(data, MapNode):
            return handler(data)
        if info.context is not None:
            cls._note_keys(data, info.context)
        part = handler({key: value for key, value in data.items() if cls.accepts(key) and value is not None})
        part._node = data  # noqa: SLF001 - the part is one of ours
        return part

    @classmethod
    def _note_keys(cls, node: MapNode, reading: Reading) -> None:
        for key, value in node.items():
            if not cls.accepts(key):
                cls._note_unknown(node, key, reading)
            elif value is None and key not in _REMARKS:
                reading.mistakes.add(node.values_at[key], f"{key}: {_NOTHING}")
        for key in cls.required():
            if key not in node:
                reading.mistakes.add(node.position, f"{cls.noun} needs {quoted(key)}")
        if cls.needs_more and set(node) <= set(cls.required()):
            reading.mistakes.add(node.position, f"{cls.noun}: nothing is asked for: give {cls.needs_more}")

    @classmethod
    def _note_unknown(cls, node: MapNode, key: str, reading: Reading) -> None:
        if key in cls.skipped:
            reading.skipped.setdefault((cls.noun, key))
            return
        if key in cls.not_yet:
            reading.mistakes.add(node.keys_at[key], f"{key}: {cls.not_yet[key]}")
            return
        reading.mistakes.add(
            node.keys_at[key],
            f"unknown key {quoted(key)} in {cls.noun}",
            allowed=(*cls.words(), *cls.respelled),
            found=key,
            synonyms=cls.synonyms(),
        )

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return other words that people use for the keys, for a suggestion."""
        return {}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema of the part, for editors: every needed key required, nothing null."""
        described = handler.resolve_ref_schema(handler(schema))
        described["title"] = cls.model_config.get("title") or cls.noun
        required = [key for key in cls.required() if key not in cls.loosely]
        described.pop("required", None)
        if required:
            described["required"] = required
        described["properties"] = {
            key: _without_null(value) for key, value in described.get("properties", {}).items()
        }
        described["properties"] |= {key: {"description": says} for key, says in cls.respelled.items()}
        described["properties"] |= {key: {"description": _NO_EFFECT} for key in cls.skipped}
        return described


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a property's schema without the null that stands for "not said", which a document cannot write."""
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default", "title"}}
    choices: Iterable[dict[str, Any]] = schema.get("anyOf", ())
    kept = [choice for choice in choices if choice != {"type": "null"}]
    if len(kept) == 1:
        return {**kept[0], **rest}
    return {**rest, "anyOf": kept} if kept else rest

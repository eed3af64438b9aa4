"""Text to trees, from the events of the YAML parser.

Events come one by one, so that an alias, an anchor, a tag, a merge key or a nesting without end is refused when it
is met and nothing is ever expanded. libyaml's parser is taken where PyYAML has it: a full MiB takes it a quarter of
a second, the one in Python ten. Both give the same events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from perfengine.model.mistake import Mistake
from perfengine.spec.mistakes import RefusedError, quoted
from perfengine.spec.text.syntax import MAX_DEPTH, syntax_mistake
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.source import SourceText
    from perfengine.spec.text.tree import Node

#: Keys and values of a file; a hundred entities have some ten thousand.
MAX_VALUES: Final = 20_000

FASTEST_LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOTHING: Final = frozenset({"", "null", "Null", "NULL"})
#: Reached only by an escape in double quotes: the text itself was checked.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTree:
    """One YAML document of a file, and where it begins."""

    root: Node
    position: Position


def compose_documents(
    source: SourceText, mistakes: Mistakes, loader: type = FASTEST_LOADER
) -> tuple[DocumentTree, ...]:
    """Return the documents of a text up to the first thing that cannot be read, which is added to `mistakes`."""
    composer = _Composer(source, mistakes)
    try:
        for event in yaml.parse(source.text, Loader=loader):
            composer.accept(event)
    except RefusedError as refused:
        mistakes.keep(refused.mistake)
    except yaml.MarkedYAMLError as error:
        mistakes.keep(syntax_mistake(source, error))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The parser in Python lets chr() and int() complain about an escape or a version of absurd size.
        position = composer.last
        mistakes.keep(Mistake(position=position, message=f"after this the file is not YAML: {error}"))
    return composer.finished()


class _Frame:
    """A container that is being filled; a mapping alternates between keys and values."""

    __slots__ = ("container", "keep", "key", "key_at")

    def __init__(self, container: MapNode | ListNode) -> None:
        self.container = container
        self.key: str | None = None
        self.key_at: Position | None = None
        self.keep = True

    @property
    def wants_key(self) -> bool:
        return isinstance(self.container, MapNode) and self.key_at is None


class _Composer:
    """Builds trees from events."""

    def __init__(self, source: SourceText, mistakes: Mistakes) -> None:
        self._source = source
        self._mistakes = mistakes
        self._frames: list[_Frame] = []
        self._documents: list[DocumentTree] = []
        self._values = 0
        self.last = source.position(0, 0)

    def finished(self) -> tuple[DocumentTree, ...]:
        """Return the documents that were read to their end; an empty one among several is no document."""
        whole = self._documents[:-1] if self._frames else self._documents
        return tuple(document for document in whole if document.root is not None)

    def accept(self, event: yaml.Event) -> None:
        """Take the next event. Raises: RefusedError for what a document must not hold."""
        if isinstance(event, yaml.CollectionEndEvent):
            self._frames.pop()
        elif isinstance(event, yaml.NodeEvent):
            self.last = self._position(event)
            self._refuse_extras(event)
            if isinstance(event, yaml.ScalarEvent):
                self._take_scalar(event)
            else:
                self._open(event)

    def _position(self, event: yaml.Event) -> Position:
        start, end = event.start_mark, event.end_mark
        assert start is not None  # noqa: S101 - the stubs allow it, the parser marks every event
        assert end is not None  # noqa: S101
        if isinstance(event, yaml.CollectionStartEvent):
            return self._source.position(start.line, start.column)
        return self._source.span((start.line, start.column), (end.line, end.column))

    def _refuse(self, message: str) -> None:
        raise RefusedError(Mistake(position=self.last, message=message))

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            self._frames.clear()
            self._documents.clear()
            self._refuse(f"the file has more than {MAX_VALUES} keys and values")
        if isinstance(event, yaml.AliasEvent):
            self._refuse(f"aliases (*{event.anchor}) are not read: write the value out")
        if event.anchor is not None:
            self._refuse(f"anchors (&{event.anchor}) are not read: write each value out")
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(f"tags ({tag}) are not read: remove it, put text that begins with ! in quotes")

    def _open(self, event: yaml.Event) -> None:
        if self._frames and self._frames[-1].wants_key:
            self._refuse("a key must be text")
        if len(self._frames) >= MAX_DEPTH:
            self._refuse(f"the document is nested deeper than {MAX_DEPTH} levels")
        is_map = isinstance(event, yaml.MappingStartEvent)
        container = MapNode(self.last) if is_map else ListNode(self.last)
        self._put(container)
        self._frames.append(_Frame(container))

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        if _UNPRINTABLE.search(event.value):
            self._refuse("this text holds a character that cannot be printed")
        plain = not event.style
        if self._frames and self._frames[-1].wants_key:
            self._take_key(event.value, plain=plain)
        else:
            self._put(None if plain and event.value in _NOTHING else event.value)

    def _take_key(self, text: str, *, plain: bool) -> None:
        frame = self._frames[-1]
        if plain and text == "<<":
            self._refuse("merge keys (<<) are not read: write the keys out")
        frame.key, frame.key_at = text, self.last
        frame.keep = self._is_new_key(frame.container, text)

    def _is_new_key(self, container: MapNode | ListNode, text: str) -> bool:
        if not text:
            self._mistakes.add(self.last, "a key is empty")
            return False
        if isinstance(container, MapNode) and text in container:
            first = container.keys_at[text].line
            self._mistakes.add(self.last, f"duplicate key {quoted(text)}, first on line {first}")
            return False
        return True

    def _put(self, value: Node) -> None:
        if not self._frames:
            self._documents.append(DocumentTree(root=value, position=self.last))
            return
        frame = self._frames[-1]
        container = frame.container
        if isinstance(container, ListNode):
            container.put(value, self.last)
        elif frame.key is not None and frame.key_at is not None:
            if frame.keep:
                container.put(frame.key, frame.key_at, value, frame.key_at if value is None else self.last)
            frame.key = frame.key_at = None

"""An object of a stored document, read key by key; the first value that is not as it should be ends the reading."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, cast

from perfengine.errors import InternalError, SpecError
from perfengine.stored.instants import NO_INSTANT, instant_of
from perfengine.stored.page import BEYOND_COUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from perfengine.stored.page import Page, Path

Word = TypeVar("Word", bound=Enum)


class Entry:
    """An object at a place of a page. Every method raises SpecError, with the place, for what it cannot give."""

    def __init__(self, page: Page, path: Path, value: object) -> None:
        """Take the object at `path`. Raises: SpecError when it is none."""
        self._page, self._path = page, path
        self.values: Mapping[str, Any] = page.mapping(path, value)
        page.check()

    def text(self, key: str) -> str:
        """Return a text."""
        return str(self._checked(key, str, "text"))

    def text_or_none(self, key: str) -> str | None:
        """Return a text, None for null and for a key that is not there."""
        return None if self.values.get(key) is None else self.text(key)

    def number(self, key: str) -> float:
        """Return a finite number; whole ones stay whole."""
        value: float = self._checked(key, int | float, "number")
        if not is_figure(value):
            raise self.wrong(key, f"{value} is no figure of a run")
        return value

    def number_or_none(self, key: str) -> float | None:
        """Return a number, None for null and for a key that is not there."""
        return None if self.values.get(key) is None else self.number(key)

    def count(self, key: str) -> int:
        """Return a whole number from 0 on."""
        value = self._page.count((*self._path, key), self.values.get(key)) or 0
        self._page.check()
        return value

    def count_or_none(self, key: str) -> int | None:
        """Return a whole number from 0 on, None for null and for a key that is not there."""
        return None if self.values.get(key) is None else self.count(key)

    def flag(self, key: str) -> bool:
        """Return true or false; a key that is not there is false."""
        return bool(self._checked(key, bool, "true or false")) if key in self.values else False

    def word(self, key: str, words: type[Word]) -> Word:
        """Return one of the words of an enumeration."""
        return self._word(key, self.text(key), words)

    def word_or_none(self, key: str, words: type[Word]) -> Word | None:
        """Return one of the words of an enumeration, None for null."""
        return None if self.values.get(key) is None else self.word(key, words)

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        """Return the words of a list, each one of an enumeration; nothing where it is not there."""
        return tuple(self._word(key, text, words) for text in self.texts(key))

    def instant(self, key: str) -> datetime:
        """Return an instant; without a time zone it is UTC."""
        found = instant_of(self.text(key))
        if found is None:
            raise self.wrong(key, NO_INSTANT)
        return found

    def entry(self, key: str) -> Entry:
        """Return the object below a key."""
        return Entry(self._page, (*self._path, key), self.values.get(key))

    def entry_or_none(self, key: str) -> Entry | None:
        """Return the object below a key, None for null and for a key that is not there."""
        return None if self.values.get(key) is None else self.entry(key)

    def named(self, key: str) -> Iterator[tuple[str, Entry]]:
        """Yield the names and objects of the object below a key; nothing where it is not there."""
        found = self.entry_or_none(key)
        for name in found.values if found else ():
            yield name, Entry(self._page, (*self._path, key, name), found.values[name] if found else None)

    def entries(self, key: str) -> Iterator[Entry]:
        """Yield the objects of a list; nothing where it is not there."""
        for number, value in enumerate(self.list(key)):
            yield Entry(self._page, (*self._path, key, number), value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list; nothing where it is not there."""
        return tuple(self._items(key, str, "text"))

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return the numbers of a list; nothing where it is not there."""
        return tuple(self._finite(key))

    def list(self, key: str) -> list[Any]:
        """Return a list as it stands; an empty one where it is not there."""
        value = self.values.get(key)
        found: list[Any] = [] if value is None else self._checked(key, list, "list")
        return found

    def wrong(self, key: str, message: str, allowed: tuple[str, ...] = ()) -> SpecError:
        """Return what to raise for the value below a key."""
        self._page.complain((*self._path, key), message, allowed)
        try:
            self._page.check()
        except SpecError as error:
            return error
        raise InternalError("a page that was complained of has no mistake")

    def _word(self, key: str, text: str, words: type[Word]) -> Word:
        try:
            return words(text)
        except ValueError:
            allowed = tuple(str(word.value) for word in words)
            raise self.wrong(key, f'"{text}" is not known here', allowed) from None

    def _finite(self, key: str) -> Iterator[float]:
        for value in self._items(key, int | float, "number"):
            if not is_figure(value):
                raise self.wrong(key, f"{value} is no figure of a run")
            yield value

    def _items(self, key: str, kind: Any, what: str) -> Iterator[Any]:  # noqa: ANN401 - a type, or a union of them
        for value in self.list(key):
            if not _is_of(kind, value):
                raise self.wrong(key, f"is no list of {what}s")
            yield value

    def _checked(self, key: str, kind: Any, what: str) -> Any:  # noqa: ANN401 - a type, or a union of them
        value = self.values.get(key)
        if not _is_of(kind, value):
            raise self.wrong(
                key, f"is no {what}" if key in self.values else f"is missing: a {what} is needed"
            )
        return value


def is_figure(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a number that a run can have: neither infinity, nor one that is no number at all."""
    return _is_of(int | float, value) and -BEYOND_COUNT < cast("float", value) < BEYOND_COUNT


def _is_of(kind: Any, value: object) -> bool:  # noqa: ANN401 - a type, or a union of them
    """Return whether JSON has the value as that: true and false are no numbers there."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))

"""A JSON document while it is read: its values, and everything that is wrong with it, each with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from perfengine.errors import SpecError
from perfengine.model.mistake import Mistake
from perfengine.stored.comments import without_comments
from perfengine.stored.places import offset_of, position_at, repeated_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    Path = tuple[str | int, ...]

#: The first number of the versions that are read here.
_MAJOR: Final = 1
#: No time of a run is as long in s: infinity and what would overflow are none.
BEYOND_S: Final = 1e15
#: No count is as large.
BEYOND_COUNT: Final = 2**63


class Page:
    """A document with its mistakes; `check` raises them all at once."""

    def __init__(self, text: str, label: str) -> None:
        """Read the text. Raises: SpecError when it is no JSON object, or a key stands twice in one."""
        self._label, self._mistakes = label, list[Mistake]()
        self._text = text.removeprefix("\ufeff")
        self.root: Mapping[str, Any] = self._object()

    def complain(self, path: Path, message: str, allowed: tuple[str, ...] = ()) -> None:
        """Note a mistake of the value at `path`."""
        where = ".".join(map(str, path))
        self._note(offset_of(self._text, path), f"{where}: {message}" if where else message, allowed)

    def check(self) -> None:
        """Raise SpecError when anything was wrong."""
        if self._mistakes:
            raise SpecError(tuple(self._mistakes))

    def mapping(self, path: Path, value: object) -> Mapping[str, Any]:
        """Return the object; of anything else an empty one, and note it."""
        if isinstance(value, dict):
            return value
        self.complain(path, f"{_shown(value)} is no object: write {{...}}")
        return {}

    def positive(self, path: Path, value: object, what: str) -> float | None:
        """Return a number above 0, None where it is none."""
        if _is_number(value) and 0 < value < BEYOND_S:
            return float(value)
        self.complain(path, f"{_shown(value)} is no {what}: a number above 0")
        return None

    def count(self, path: Path, value: object) -> int | None:
        """Return a whole number from 0 on, None where it is none."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < BEYOND_COUNT:
            return value
        self.complain(path, f"{_shown(value)} is no count: a whole number from 0 on")
        return None

    def fraction(self, path: Path, value: object) -> float | None:
        """Return a number from 0 on, None where there is none."""
        if value is None:
            return None
        if _is_number(value) and 0 <= value < BEYOND_S:
            return float(value)
        self.complain(path, f"{_shown(value)} is no tolerance: a fraction from 0 on, 0.1 is 10 %")
        return None

    def check_version(self) -> None:
        """Note a version that this reader does not know."""
        version = self.root.get("version", str(_MAJOR))
        major = str(version).partition(".")[0]
        if isinstance(version, bool) or not (major.isascii() and major.isdigit()):
            self.complain(("version",), f'{_shown(version)} is no version: "{_MAJOR}.0" is one')
        elif int(major[:9]) > _MAJOR:
            self.complain(
                ("version",),
                f"version {version} is newer than what this perfengine reads, {_MAJOR}: update perfengine",
            )

    def _note(self, offset: int, message: str, allowed: tuple[str, ...] = ()) -> None:
        position = position_at(self._text, offset, self._label)
        self._mistakes.append(Mistake(position=position, message=message, allowed=allowed))

    def _object(self) -> Mapping[str, Any]:
        value = self._parsed()
        if isinstance(value, dict):
            return value
        self._note(0, f"{_shown(value)} is no result and no baseline: a JSON object is")
        raise SpecError(tuple(self._mistakes))

    def _parsed(self) -> object:
        try:
            try:
                return self._loaded()
            except json.JSONDecodeError:
                self._text = without_comments(self._text)
                return self._loaded()
        except json.JSONDecodeError as error:
            self._note(min(error.pos, len(self._text.rstrip())), self._why_no_json(error))
        except RecursionError:
            self._note(0, "is nested too deeply to be a result")
        except ValueError as error:
            self._note(0, f"cannot be read: {error}")
        self.check()
        return None

    def _loaded(self) -> object:
        repeated = False

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            nonlocal repeated
            found = dict(pairs)
            repeated = repeated or len(found) < len(pairs)
            return found

        value = json.loads(self._text, object_pairs_hook=members)
        if repeated and (second := repeated_key(self._text)):
            self._note(second[1], f'"{second[0]}" stands here a second time: remove one of them')
            self.check()
        return value

    def _why_no_json(self, error: json.JSONDecodeError) -> str:
        if not self._text.strip():
            return "is empty: a result or a baseline in JSON is needed"
        if error.pos >= len(self._text.rstrip()) or error.msg.startswith("Unterminated string"):
            return "ends in the middle: the file was cut off; make it again"
        return f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    """Return the value as JSON writes it, cut short."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."

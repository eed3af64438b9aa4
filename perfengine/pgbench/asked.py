"""What a command line says about scripts: files and built-in ones with their weights, variables, the scale."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.pgbench.builtin import BUILTINS
from perfengine.pgbench.constants import SCALE
from perfengine.pgbench.names import is_name
from perfengine.pgbench.source import Source
from perfengine.pgbench.values import MOST, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.pgbench import Value

_MOST_WEIGHT: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScripts:
    """What a command line says about scripts, as it was written."""

    files: tuple[str, ...] = ()  #: `script.sql`, `script.sql@3`
    builtins: tuple[str, ...] = ()  #: `tpcb-like`, `select-only@9`
    definitions: tuple[str, ...] = ()  #: `name=value`
    scale: int | None = None
    max_tries: int = 1

    @property
    def any(self) -> bool:
        """Whether a script was asked for."""
        return bool(self.files or self.builtins)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedScript:
    """A script, and what it is called."""

    name: str
    weight: int
    source: Source
    is_file: bool


def constants_of(asked: AskedScripts, wrong: list[str]) -> dict[str, Value]:
    """Return the variables that every client finds set; what is wrong is added to `wrong`, a line each."""
    constants: dict[str, Value] = {}
    if asked.scale is not None:
        constants[SCALE] = asked.scale
    for text in asked.definitions:
        name, sign, value = text.partition("=")
        if not sign or not is_name(name):
            wrong.append(f'-D {text}: write name=value; a name has letters, digits and "_"')
        elif name == SCALE and asked.scale is not None:
            wrong.append(f"-D {text}: --scale {asked.scale} says it already")
        else:
            constants[name] = (_digits(value, MOST) or value) if name == SCALE else value
    return constants


def files_of(texts: Iterable[str], wrong: list[str]) -> list[NamedScript]:
    """Return the scripts of files: `script.sql`, `script.sql@3`; what is wrong is added to `wrong`."""
    found = []
    for text in texts:
        path, weight = _weighed(text, wrong)
        try:
            script = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            wrong.append(f"{path or text}: cannot be read: {error.strerror}")
            continue
        except UnicodeDecodeError as error:
            wrong.append(f"{path}: byte {error.start + 1} is no UTF-8: a script is text")
            continue
        if "\0" in script:
            at = len(script[: script.index("\0")].encode()) + 1
            wrong.append(f"{path}: byte {at} is zero: a script is text in UTF-8")
            continue
        source = Source(path, script)
        found.append(NamedScript(name=Path(path).stem, weight=weight, source=source, is_file=True))
    return found


def builtins_of(texts: Iterable[str], wrong: list[str]) -> list[NamedScript]:
    """Return the built-in scripts by their names, or the beginnings of them; what is wrong is added to `wrong`."""
    found = []
    for text in texts:
        word, weight = _weighed(text, wrong)
        names = [name for name in BUILTINS if word and name.startswith(word)]
        if len(names) != 1:
            near = get_close_matches(word, BUILTINS, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            what = "several built-in scripts begin" if names else "no built-in script is called or begins"
            wrong.append(f'-b {text}: {what} with "{word}": one of: {", ".join(BUILTINS)}{hint}')
            continue
        source = Source(f"<builtin {names[0]}>", BUILTINS[names[0]])
        found.append(NamedScript(name=names[0], weight=weight, source=source, is_file=False))
    return found


def _weighed(text: str, wrong: list[str]) -> tuple[str, int]:
    """Return what stands before the last @, and the weight after it, 1 without one."""
    what, sign, weight = text.rpartition("@")
    if not sign:
        return text, 1
    number = _digits(weight, _MOST_WEIGHT)
    if number is None:
        wrong.append(f"{text}: a weight is a whole number from 0 to {_MOST_WEIGHT}")
        return what, 1
    return what, number


def _digits(text: str, most: int) -> int | None:
    """Return the whole number that digits write; None for any other text, and beyond `most`."""
    if not (text.isascii() and text.isdigit()):
        return None
    number = whole(text)
    return number if number <= most else None

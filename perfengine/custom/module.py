"""The user's file as a module: imported once by path and content, with plain words for what goes wrong in it."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout, suppress
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.custom.complaints import gathering, usage_error
from perfengine.custom.place import raised_position
from perfengine.errors import PerfengineError, UsageError
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_PYTHON = ".py"


def is_python(text: str) -> bool:
    """Return whether an argument of the command line names a Python file: `checkout.py`, `checkout.py:checkout`."""
    return text.endswith(_PYTHON) or f"{_PYTHON}:" in text


def split_name(text: str) -> tuple[str, str | None]:
    """Return the path and the operation of `checkout.py:checkout`; None without one."""
    path, mark, name = text.rpartition(f"{_PYTHON}:")
    return (path + _PYTHON, name) if mark else (text, None)


def load_module(path: str) -> ModuleType:
    """Return the module of a file; the same one for as long as the file is the same.

    Its folder is the first on the search path while it is imported, and the last from then on: it finds its
    neighbours, and hides none of ours. What it prints goes to stderr, for stdout may be a result.

    Raises: UsageError with the user's own line, for a file that is not there or cannot be imported, and with all
    mistakes of its decorators.
    """
    data = _read(path)
    file = Path(path).resolve()
    name = _module_name(file, data)
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, file)
    if spec is None:
        raise UsageError(f"{path}: not a Python file: its name must end in {_PYTHON}")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        _import_into(module, file, data)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _module_name(file: Path, data: bytes) -> str:
    digest = sha256(str(file).encode() + b"\0" + data).hexdigest()[:12]
    return f"perfengine_workload_{file.stem}_{digest}"


def _import_into(module: ModuleType, file: Path, data: bytes) -> None:
    with gathering() as mistakes, _first_on_path(str(file.parent)), redirect_stdout(sys.stderr):
        try:
            code = compile(data, str(file), "exec", dont_inherit=True)
            exec(code, vars(module))  # noqa: S102 - the file that the user asked us to run
        except (Exception, SystemExit) as error:
            raise usage_error([*mistakes, _import_mistake(error, file)]) from error
    if mistakes:
        raise usage_error(mistakes)


@contextmanager
def _first_on_path(folder: str) -> Iterator[None]:
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        with suppress(ValueError):  # the file may have tidied up by itself
            sys.path.remove(folder)
        if folder not in sys.path:
            sys.path.append(folder)


def _import_mistake(error: BaseException, file: Path) -> Mistake:
    position = raised_position(error, file.parent, str(file))
    if isinstance(error, PerfengineError):
        return Mistake(position=position, message=str(error))
    message = f"cannot be imported: {describe_error(error)}; {_remedy(error, position.path)}"
    return Mistake(position=position, message=message)


def describe_error(error: BaseException) -> str:
    """Return an exception in one line: its class and what it says."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    words = " ".join(str(said).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _remedy(error: BaseException, path: str) -> str:
    if isinstance(error, ModuleNotFoundError):
        return "install it where perfengine is installed, or put its file beside this one"
    if isinstance(error, SyntaxError):
        return f"it is read by Python {sys.version_info.major}.{sys.version_info.minor}"
    if isinstance(error, SystemExit):
        return 'what ends the process belongs under `if __name__ == "__main__":`'
    return f"`python {path}` shows how it came to that"

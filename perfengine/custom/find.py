"""From a Python file to the operations in it: what a plan is made of, without the code itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.custom.code import code_of_file
from perfengine.custom.complaints import nearest
from perfengine.errors import UsageError
from perfengine.model.python_call import PythonCall

if TYPE_CHECKING:
    from perfengine.custom.code import Code
    from perfengine.model.workload import OwnOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonWorkload:
    """The operations of one file, or of the callables of this process when `path` is empty."""

    path: str
    operations: tuple[OwnOperation, ...]
    has_setup: bool = False
    has_teardown: bool = False


def find_operations(path: str, name: str | None = None) -> PythonWorkload:
    """Return the operations of a file, or the one of that name.

    The same file gives the same operations in every process.

    Raises: UsageError for a file that cannot be imported or has no operations, or none of that name.
    """
    found = workload_of(code_of_file(path), path)
    if name is None:
        return found
    chosen = tuple(operation for operation in found.operations if operation.name == name)
    if not chosen:
        raise UsageError(_no_such(path, name, [operation.name for operation in found.operations]))
    return PythonWorkload(
        path=path, operations=chosen, has_setup=found.has_setup, has_teardown=found.has_teardown
    )


def workload_of(code: Code, path: str = "") -> PythonWorkload:
    """Return the operations of code that is at hand; an empty path is this process."""
    return PythonWorkload(
        path=path,
        operations=tuple(
            one.mark.as_operation(PythonCall(path=path, name=name)) for name, one in code.operations.items()
        ),
        has_setup=bool(code.setups),
        has_teardown=bool(code.teardowns),
    )


def _no_such(path: str, name: str, known: list[str]) -> str:
    near = nearest(name, known)
    lines = [f'{path}: no operation is called "{name}" there', f"   one of: {', '.join(known)}"]
    return "\n".join([*lines, f'   did you mean "{near}"?'] if near else lines)

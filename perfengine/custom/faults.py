"""What the user's own code raises outside an attempt, in one error that shows their line."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfengine.custom.complaints import usage_error
from perfengine.custom.module import describe_error
from perfengine.custom.place import raised_position
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def in_users_words(what: str, code: Any, driver: Any = None) -> Iterator[None]:  # noqa: ANN401 - theirs, the driver's
    """Turn what the block raises into a UsageError with the user's line; `code` is the function that runs there.

    An exception of a connection that is gone passes unchanged: it is the database's doing.
    """
    try:
        yield
    except Exception as error:
        if driver is not None and driver.is_closed():
            raise
        path = _file_of(code)
        position = raised_position(error, path.parent, str(path))
        message = f"{what} failed: {describe_error(error)}"
        raise usage_error([Mistake(position=position, message=message)]) from error


def _file_of(code: Any) -> Path:  # noqa: ANN401
    module = sys.modules.get(getattr(code, "__module__", ""))
    return Path(getattr(module, "__file__", None) or "<python>")

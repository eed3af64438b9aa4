"""Being nobody: in CI the tests run as root, who may read and enter everything."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A user that owns no file.
_NOBODY: Final = 65534


@contextmanager
def without_root() -> Iterator[None]:
    """Give up root's rights for the block; whoever has none keeps what he has."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)

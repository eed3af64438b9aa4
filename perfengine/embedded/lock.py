"""An advisory lock on a directory: whoever works on a server's directory holds it.

The keeper of an ephemeral server holds it for life, so a free lock with a marker means that nobody looks after the
server any more. systemd-tmpfiles spares locked directories too, however old the files in them are.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lock_directory(directory: Path) -> int:
    """Return a descriptor that holds the lock of the directory until it and its copies are closed.

    Raises: BlockingIOError when somebody else holds it, OSError when it is not a directory.
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def locked(directory: Path) -> Iterator[int]:
    """Hold the lock of the directory. Raises: as `lock_directory`."""
    descriptor = lock_directory(directory)
    try:
        yield descriptor
    finally:
        os.close(descriptor)

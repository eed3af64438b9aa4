"""A load process's part of the raw attempts: a file of chunks, one a drain, as the recorder's arrays are.

Nothing is made of an attempt here: its four integers are copied, and become text when the run is over, in the parent.
"""

from __future__ import annotations

import pickle
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from perfengine.model.outcome import Failure
    from perfengine.model.raw import RawShare

    Integers = NDArray[np.int64]

_SUFFIX = ".part"
#: Of a chunk beside its integers, about.
_CHUNK_BYTES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RawChunk:
    """Attempts of one operation that one drain found. Instants in ns, of the machine's monotonic clock."""

    operation: str
    process: int
    columns: tuple[Integers, ...]  #: due, started, acquired, done; of failed attempts due and done
    failures: tuple[Failure, ...] = ()  #: one an attempt; empty: all were ok

    @property
    def last_ns(self) -> int:
        """When the last of them ended."""
        return int(self.columns[-1].max())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnd:
    """The last words of a part."""

    left_out: int
    trouble: str = ""


class RawPart:
    """Writes the chunks of a load process, up to its limit. A disk that is full ends the part, and not the run."""

    def __init__(self, share: RawShare, process: int) -> None:
        """Raises: OSError when the file cannot be made."""
        self._file: BinaryIO = (Path(share.directory) / f"{process}{_SUFFIX}").open("wb")
        self._process, self._left = process, share.limit_bytes
        self._left_out, self._trouble = 0, ""

    def keep_ok(
        self, operation: str, due: Integers, started: Integers, acquired: Integers, done: Integers
    ) -> None:
        """Take attempts that were ok."""
        self._keep(
            RawChunk(operation=operation, process=self._process, columns=(due, started, acquired, done))
        )

    def keep_bad(self, operation: str, due: Integers, done: Integers, failures: Sequence[Failure]) -> None:
        """Take attempts that were not, each with its failure."""
        self._keep(
            RawChunk(
                operation=operation, process=self._process, columns=(due, done), failures=tuple(failures)
            )
        )

    def _keep(self, chunk: RawChunk) -> None:
        count = len(chunk.columns[-1])
        # where an attempt is due when it starts, both are one array, and written once
        self._left -= _CHUNK_BYTES + sum({id(column): column.nbytes for column in chunk.columns}.values())
        if self._left < 0 or self._trouble:
            self._left_out += count
            return
        try:
            pickle.dump(chunk, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            self._trouble = error.strerror or str(error)
            self._left_out += count

    def close(self) -> None:
        """Say what is missing, and close."""
        with suppress(OSError):  # a disk that is full takes no last words: that they are missing says it
            pickle.dump(PartEnd(left_out=self._left_out, trouble=self._trouble), self._file)
        with suppress(OSError):
            self._file.close()


def part_paths(directory: Path) -> list[Path]:
    """Return the parts that load processes have left."""
    return sorted(each for each in directory.iterdir() if is_part(each.name))


def is_part(name: str) -> bool:
    """Return whether a file of that name is a load process's part."""
    return name.removesuffix(_SUFFIX).isdecimal() and name.endswith(_SUFFIX)


def chunks_of(path: Path, ends: list[PartEnd]) -> Iterator[RawChunk]:
    """Yield the chunks of a part in their order; its end goes to `ends`."""
    with path.open("rb") as file:
        while True:
            try:
                found = pickle.load(file)  # noqa: S301 - written by our own load process, in our own directory
            except (EOFError, pickle.UnpicklingError):
                ends.append(PartEnd(left_out=0, trouble="a load process was lost, or the disk was full"))
                return
            if isinstance(found, PartEnd):
                ends.append(found)
                return
            yield found

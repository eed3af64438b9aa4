"""The raw attempts of a run: the parts of all load processes as one compressed CSV file.

A row an attempt, about in the order of their ends. Comments, which begin with #, stand before and after the table:
what instant is 0, and what is missing.
"""

from __future__ import annotations

import csv
import gzip
import heapq
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, BinaryIO, Final

import anyio
import anyio.to_thread

from perfengine.engine.events import Note, PhaseBegan
from perfengine.engine.raw_directory import ENDING, WHOLE, raw_directory
from perfengine.engine.raw_part import chunks_of, part_paths
from perfengine.engine.whole_file import why_unwritable
from perfengine.errors import PerfengineError, UsageError
from perfengine.model.raw import RawOutcome, RawShare
from perfengine.report.csv_text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfengine.engine.events import Watch
    from perfengine.engine.progress import Progress
    from perfengine.engine.raw_part import PartEnd, RawChunk
    from perfengine.model.raw import RawRequest

COLUMNS: Final = (
    *("operation", "process", "due_ns", "started_ns", "acquired_ns", "done_ns"),
    *("outcome", "error_class", "sqlstate"),
)
#: The text of an attempt is compressed to a half or a third of what its integers take.
_PART_BYTES_A_BYTE: Final = 3
_LEVEL: Final = 3


class RawParts:
    """The directory where load processes leave their parts, and the instant that the file counts from."""

    def __init__(self, request: RawRequest, directory: Path) -> None:
        self._request, self._directory = request, directory
        self._began = datetime.now(UTC)
        self._zero_ns = time.perf_counter_ns()

    @property
    def path(self) -> Path:
        """The file to come."""
        return self._request.path

    def share(self, processes: int) -> RawShare:
        """Return what each of so many load processes is told."""
        limit_bytes = self._request.limit_bytes * _PART_BYTES_A_BYTE // max(processes, 1)
        return RawShare(directory=str(self._directory), limit_bytes=limit_bytes)

    def merge(self) -> RawOutcome:
        """Write the file of all parts. Raises: PerfengineError when it cannot be written."""
        whole = self._directory / WHOLE
        try:
            with whole.open("wb") as file:
                outcome = self._write(file)
            whole.chmod(0o600)
            whole.replace(self._request.path)
        except OSError as error:
            raise PerfengineError(
                f"{self._request.path} cannot be written: {error.strerror or error}"
            ) from error
        return outcome

    def _write(self, file: BinaryIO) -> RawOutcome:
        ends: list[PartEnd] = []
        parts = [chunks_of(path, ends) for path in part_paths(self._directory)]
        rows = beyond = 0
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0) as packed:
            packed.write(self._head().encode())
            for chunk in heapq.merge(*parts, key=lambda chunk: chunk.last_ns):
                if file.tell() < self._request.limit_bytes:
                    packed.write(_rows(chunk, self._zero_ns).encode())
                    rows += len(chunk.columns[-1])
                else:
                    beyond += len(chunk.columns[-1])
            left_out = beyond + sum(end.left_out for end in ends)
            trouble = next((end.trouble for end in ends if end.trouble), "")
            if left_out or trouble:
                packed.write(f"# not whole: {missing_words(left_out, trouble)}\r\n".encode())
        return RawOutcome(rows=rows, left_out=left_out, trouble=trouble)

    def _head(self) -> str:
        began = self._began.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return f"# perfengine raw attempts; 0 ns is {began}\r\n{','.join(COLUMNS)}\r\n"


async def gather(parts: RawParts, watch: Watch, progress: Progress) -> None:
    """Write the file of all parts, a second for a million attempts, and say so.

    What is missing in it, or why there is none, is a note of the result.
    """
    watch(PhaseBegan(phase="write raw attempts"))
    try:
        outcome = await anyio.to_thread.run_sync(parts.merge)
    except PerfengineError as error:
        progress.notes.append(str(error))
        watch(Note(text=f"note: {error}"))
        return
    watch(Note(text=f"raw attempts: {outcome.rows} in {parts.path}"))
    if outcome.left_out or outcome.trouble:
        progress.notes.append(f"{parts.path}: {missing_words(outcome.left_out, outcome.trouble)}")


def missing_words(left_out: int, trouble: str) -> str:
    """Return what is missing, and why."""
    if trouble and not left_out:  # who could have counted them is gone
        return f"attempts are missing, nobody knows how many: {trouble}"
    return f"{left_out} attempts are missing: {trouble or 'the limit was reached'}"


def check_raw_path(path: Path) -> None:
    """Raise UsageError for a name that is none of a raw file, or a place where there can be none."""
    if not path.name.endswith(ENDING) or path.name == ENDING:
        raise UsageError(f"--raw {path}: the name of a file of raw attempts ends in {ENDING}")
    if why := why_unwritable(path):
        raise UsageError(f"--raw {path}: cannot be written: {why}")


@contextmanager
def raw_parts(request: RawRequest | None) -> Iterator[RawParts | None]:
    """Give the place of the parts for the block, beside the file to come; None where nobody asked.

    Raises: UsageError when it cannot be made.
    """
    if request is None:
        yield None
        return
    with ExitStack() as stack:
        try:
            directory = stack.enter_context(raw_directory(request.path))
        except OSError as error:
            raise UsageError(f"--raw {request.path}: cannot be written: {error.strerror}") from error
        yield RawParts(request, directory)


def _rows(chunk: RawChunk, zero_ns: int) -> str:
    columns = [(column - zero_ns).tolist() for column in chunk.columns]
    begin = _cells(harmless(chunk.operation), str(chunk.process))
    if not chunk.failures:
        return "".join(
            map(f"{begin.replace('%', '%%')},%d,%d,%d,%d,ok,,\r\n".__mod__, zip(*columns, strict=True))
        )
    due, done = columns
    ends = (
        _cells(failure.outcome.name.lower(), harmless(failure.error_class), harmless(failure.sqlstate or ""))
        for failure in chunk.failures
    )
    rows = zip(due, done, ends, strict=True)
    return "".join(f"{begin},{due_ns},,,{done_ns},{end}\r\n" for due_ns, done_ns, end in rows)


def _cells(*texts: str) -> str:
    line = StringIO(newline="")
    csv.writer(line, lineterminator="").writerow(texts)
    return line.getvalue()

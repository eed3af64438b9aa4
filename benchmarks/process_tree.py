"""CPU time and memory of a process and all its descendants, read from /proc. Linux only.

CPU time counts what the tree's members used and what their reaped children used, so that a child which ends between
two readings is not forgotten. Memory is the proportional set size (PSS): a page that several processes share counts
once in the sum, where the resident set size would count it for each of them.
Source: proc(5), /proc/pid/stat (utime, stime, cutime, cstime) and /proc/pid/smaps_rollup (Pss, Rss).
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
SAMPLE_INTERVAL_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory of a tree at one instant, or the peak of each figure."""

    pss_bytes: int = 0
    rss_bytes: int = 0

    def peak(self, other: Memory) -> Memory:
        """Return the greater of each figure."""
        return Memory(
            pss_bytes=max(self.pss_bytes, other.pss_bytes), rss_bytes=max(self.rss_bytes, other.rss_bytes)
        )


def read_cpu_s(root: int) -> float:
    """Return the CPU seconds of the tree under process `root` so far, user and system; steps of one tick."""
    stats = _all_stats()
    ticks = sum(sum(stats[pid][1]) for pid in _members(root, stats))
    return ticks / TICKS_PER_S


def read_memory(root: int) -> Memory:
    """Return the memory of the tree under process `root` now; processes that end meanwhile are left out."""
    pss = rss = 0
    for pid in _members(root, _all_stats()):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        sizes = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
        pss += _kib(sizes.get("Pss"))
        rss += _kib(sizes.get("Rss"))
    return Memory(pss_bytes=pss * 1024, rss_bytes=rss * 1024)


@contextmanager
def watch_peak_memory(root: int) -> Iterator[list[Memory]]:
    """Yield a list whose last item is the peak so far; a thread samples the tree every half second."""
    peaks = [Memory()]
    stop = threading.Event()

    def sample() -> None:
        while not stop.is_set():
            peaks[0] = peaks[0].peak(read_memory(root))
            stop.wait(SAMPLE_INTERVAL_S)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def _all_stats() -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return for each process its parent and its four tick counts."""
    stats = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 - called during the measurement, Path objects cost twice
        if entry.isdecimal():
            try:
                text = Path(f"/proc/{entry}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            # The command name may hold blanks and parentheses; what follows its last one does not.
            words = text[text.rindex(")") + 2 :].split()
            stats[int(entry)] = (int(words[1]), tuple(map(int, words[11:15])))
    return stats


def _members(root: int, stats: dict[int, tuple[int, tuple[int, ...]]]) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, (parent, _) in stats.items():
        children.setdefault(parent, []).append(pid)
    members = [root] if root in stats else []
    for pid in members:  # grows while it is walked
        members.extend(children.get(pid, ()))
    return members


def _kib(field: str | None) -> int:
    return int(field.split()[0]) if field else 0

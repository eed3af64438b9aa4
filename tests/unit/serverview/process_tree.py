"""A process table in a directory, laid out as Linux lays out /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class ProcessTree:
    """Writes processes into it; what is written again replaces what was there."""

    proc: Path
    child_files: bool = False

    def add(
        self,
        pid: int,
        parent: int,
        name: str = "postgres",
        *,
        cpu_s: float = 0.0,
        reaped_s: float = 0.0,
        pages: tuple[int, int] | None = (0, 0),
        disk: tuple[int, int] | None = (0, 0),
        title: str = "",
    ) -> None:
        """Add a process; `pages` are those in memory and, of them, those shared. None: it has no such file."""
        folder = self.proc / str(pid)
        folder.mkdir(exist_ok=True)
        own, reaped = round(cpu_s * TICKS), round(reaped_s * TICKS)
        rest = f"S {parent} 1 1 0 -1 4194560 1 2 3 4 {own - own // 4} {own // 4} {reaped} 0 20 0 1 0 99"
        (folder / "stat").write_text(f"{pid} ({name}) {rest}\n")
        (folder / "cmdline").write_bytes(title.encode() + b"\0")
        if pages is not None:
            (folder / "statm").write_text(f"9999 {pages[0]} {pages[1]} 5 0 6 0\n")
        if disk is not None:
            (folder / "io").write_text(
                f"rchar: 77\nwchar: 78\nread_bytes: {disk[0]}\nwrite_bytes: {disk[1]}\n"
            )
        self._list_children(pid, parent)

    def remove(self, pid: int) -> None:
        """Take a process out."""
        folder = self.proc / str(pid)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    def _list_children(self, pid: int, parent: int) -> None:
        if not self.child_files:
            return
        for number in (pid, parent):
            thread = self.proc / str(number) / "task" / str(number)
            thread.mkdir(parents=True, exist_ok=True)
            (thread / "children").touch()
        with (self.proc / str(parent) / "task" / str(parent) / "children").open("a") as file:
            file.write(f"{pid} ")

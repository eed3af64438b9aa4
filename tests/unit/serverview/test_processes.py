"""A family of processes is found in the table and its usage is added up, members that have ended included."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from perfengine.serverview import processes
from perfengine.serverview.processes import PROC, disk_bytes, find_process, read_usage
from tests.unit.serverview.process_tree import PAGE, ProcessTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfengine.serverview.processes import Process, Usage


@pytest.fixture(params=[False, True], ids=["by scan", "by child files"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> ProcessTree:
    """Return an empty process table, of a kernel with lists of children and of one without."""
    return ProcessTree(tmp_path, child_files=request.param)


def test_a_name_may_hold_blanks_and_parentheses(tree: ProcessTree) -> None:
    """The fields are counted from the last parenthesis."""
    tree.add(7, 1, "a (b) c", cpu_s=2.0, reaped_s=1.0)
    process = find_process(tree.proc, 7)
    assert process is not None
    assert (process.name, process.parent, process.cpu_s) == ("a (b) c", 1, 3.0)


def test_a_process_that_is_not_there_is_none(tree: ProcessTree) -> None:
    """Neither is its usage."""
    assert find_process(tree.proc, 8) is None
    assert read_usage(tree.proc, 8) is None


def test_a_family_is_added_up(tree: ProcessTree) -> None:
    """Private pages count each, the shared ones once; strangers do not count."""
    tree.add(1, 0, "init", cpu_s=50, pages=(900, 0), disk=(9, 9))
    tree.add(10, 1, cpu_s=1, reaped_s=4, pages=(30, 20), disk=(1000, 0))
    tree.add(11, 10, cpu_s=2, pages=(110, 100), disk=(1, 10))
    tree.add(12, 11, cpu_s=3, pages=(5, 0), disk=(0, 100))
    tree.add(13, 1, "other", cpu_s=7, pages=(700, 0), disk=(7, 7))
    usage = read_usage(tree.proc, 10, disk=True)
    assert usage is not None
    assert usage.cpu_s == pytest.approx(10.0)
    assert usage.memory_bytes == (10 + 10 + 5 + 100) * PAGE
    assert (usage.read_bytes, usage.written_bytes) == (1001, 110)


def test_a_branch_can_be_left_out(tree: ProcessTree) -> None:
    """With everything below it."""
    tree.add(10, 1, "python", cpu_s=1)
    tree.add(11, 10, "postgres", cpu_s=2)
    tree.add(12, 11, "postgres", cpu_s=4)
    tree.add(13, 10, "python", cpu_s=8)
    usage = read_usage(tree.proc, 10, without=11)
    assert usage is not None
    assert usage.cpu_s == pytest.approx(9.0)


def test_a_zombie_has_no_memory(tree: ProcessTree) -> None:
    """Its processor time still counts, until its parent takes it over."""
    tree.add(10, 1, pages=(4, 1))
    tree.add(11, 10, cpu_s=2, pages=None, disk=None)
    usage = read_usage(tree.proc, 10, disk=True)
    assert usage is not None
    assert (usage.cpu_s, usage.memory_bytes) == (2.0, 4 * PAGE)


def test_disk_bytes_are_not_asked_for_unless_wanted(tree: ProcessTree) -> None:
    """A table without them does no harm then."""
    tree.add(10, 1, disk=None)
    usage = read_usage(tree.proc, 10)
    assert usage is not None
    assert usage.read_bytes is None
    assert usage.written_bytes is None


def test_a_child_that_ends_meanwhile_is_not_lost(tree: ProcessTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time goes over to its parent between two readings of the parent: then the family is read again."""
    tree.add(10, 1, cpu_s=1)
    tree.add(11, 10, cpu_s=5)
    once = processes._usage

    def reaped_before(proc: Path, family: Sequence[Process], *, disk: bool) -> Usage:
        monkeypatch.setattr(processes, "_usage", once)
        tree.add(10, 1, cpu_s=1, reaped_s=5)
        tree.add(11, 1, "somebody else")
        return once(proc, family[:1], disk=disk)

    monkeypatch.setattr(processes, "_usage", reaped_before)
    usage = read_usage(tree.proc, 10)
    assert usage is not None
    assert usage.cpu_s == 6.0


@pytest.mark.skipif(not PROC.exists(), reason="needs /proc")
def test_the_real_table_knows_us() -> None:
    """Our own processor time and memory are there, and our own disk bytes are ours to see."""
    usage = read_usage(PROC, os.getpid(), disk=True)
    assert usage is not None
    assert usage.cpu_s > 0
    assert usage.memory_bytes > 5_000_000
    assert min(disk_bytes(PROC, os.getpid())) >= 0

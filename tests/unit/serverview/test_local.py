"""The server is found in the process table by what it says of itself, or it is said why not."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.serverview.local import (
    ELSEWHERE,
    NOT_LINUX,
    NOT_TOLD,
    UNIX_SOCKET,
    UNKNOWN_YET,
    Backend,
    LocalTable,
)
from perfengine.serverview.reading import READ_LOCALLY, Source
from tests.doubles.clock import FakeClock
from tests.unit.serverview.process_tree import PAGE, TICKS, ProcessTree

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKEND = Backend(pid=21, role="me", database="app")
NOT_THERE = (
    "process 21 of the server is not in our process table: it runs in a container or as somebody whose processes "
    "are hidden from us"
)
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux")


@pytest.fixture
def tree() -> Iterator[ProcessTree]:
    """Yield a machine with a server (20) and ourselves (30); everybody may enter its directory."""
    proc = Path(tempfile.mkdtemp())
    proc.chmod(0o755)
    (proc / "net").mkdir()
    (proc / "stat").write_text("cpu  " + " ".join([str(TICKS)] * 10) + "\n")
    (proc / "net" / "dev").write_text("a\nb\n  lo: 9 1 1 1 1 1 1 1 50 1\n eth0: 1 1 1 1 1 1 1 1 2 1\n")
    tree = ProcessTree(proc)
    tree.add(20, 1, cpu_s=1, pages=(10, 8), disk=(100, 1))
    tree.add(21, 20, cpu_s=2, pages=(12, 8), disk=(200, 2), title="postgres: name: me app [local] SELECT")
    tree.add(30, 1, "perfengine", cpu_s=5, pages=(3, 1))
    yield tree
    shutil.rmtree(proc)


def table_of(
    tree: ProcessTree, *, local: bool = True, socket: bool = True, data_directory: Path | None = Path("/")
) -> LocalTable:
    """Return what reads the machine."""
    return LocalTable(local=local, socket=socket, data_directory=data_directory, own_pid=30, proc=tree.proc)


def test_a_server_that_is_here_is_read(tree: ProcessTree) -> None:
    """With all its processes; ours are read beside it."""
    table = table_of(tree)
    table.look_for(BACKEND)
    reading = table.read(FakeClock(7))
    assert table.postmaster == 20
    assert reading.reasons == {Source.NETWORK: UNIX_SOCKET}
    assert reading.at_ns == 7
    assert reading.values["server_cpu_s"] == 3.0
    assert reading.values["server_memory_bytes"] == (2 + 4 + 8) * PAGE
    assert reading.values["disk_read_bytes"] == 300
    assert reading.values["disk_written_bytes"] == 3
    assert reading.values["generator_cpu_s"] == 5.0
    assert reading.values["machine_busy_s"] == 5.0


def test_our_own_server_is_not_ourselves(tree: ProcessTree) -> None:
    """An embedded server is below us in the table; what it uses is the server's."""
    tree.add(31, 30, "keeper", cpu_s=1)
    tree.add(20, 31, cpu_s=1)
    table = table_of(tree)
    table.look_for(BACKEND)
    assert table.read(FakeClock()).values["generator_cpu_s"] == 6.0


@pytest.mark.parametrize(
    ("parent", "name", "title"),
    [
        (20, "bash", "postgres: me app [local] SELECT"),  # another program has the number here
        (30, "postgres", "postgres: me app [local] SELECT"),  # a postgres that no postgres started
        (20, "postgres", "postgres: me other [local] idle"),  # another server's backend has the number here
        (99, "postgres", "postgres: me app [local] idle"),  # its parent is hidden
    ],
)
def test_a_number_alone_proves_nothing(tree: ProcessTree, parent: int, name: str, title: str) -> None:
    """A server in a container counts its own processes: the number may be anybody's here."""
    tree.add(21, parent, name, title=title)
    table = table_of(tree)
    table.look_for(BACKEND)
    reading = table.read(FakeClock())
    assert reading.reasons[Source.PROCESSES] == reading.reasons[Source.DISK] == NOT_THERE
    assert "server_cpu_s" not in reading.values
    assert table.postmaster is None


def test_a_server_elsewhere_is_not_looked_for(tree: ProcessTree) -> None:
    """Its process numbers are of another machine; what passes our interfaces is read."""
    table = table_of(tree, local=False, socket=False)
    table.look_for(BACKEND)
    reading = table.read(FakeClock())
    assert reading.reasons == dict.fromkeys((Source.PROCESSES, Source.DISK, Source.SPACE), ELSEWHERE)
    assert reading.values["network_bytes"] == 3


def test_how_full_the_servers_disk_is_is_read_where_it_is_here(tree: ProcessTree) -> None:
    """A directory that was not told, or is not there, is a reason; no figure of another disk stands in."""
    table = table_of(tree, data_directory=tree.proc)
    assert "disk_bytes" not in table.read(FakeClock()).values, (
        "a server that was not found here may be elsewhere"
    )
    table.look_for(BACKEND)
    values, whole = table.read(FakeClock()).values, os.statvfs(tree.proc)
    assert values["disk_bytes"] == whole.f_blocks * whole.f_frsize
    free = values["disk_free_bytes"]
    assert free is not None
    assert 0 < free <= whole.f_bavail * whole.f_frsize * 1.5

    for directory, reason in ((None, NOT_TOLD), (tree.proc / "gone", "No such file or directory")):
        table = table_of(tree, data_directory=directory)
        table.look_for(BACKEND)
        reading = table.read(FakeClock())
        assert reason in reading.reasons[Source.SPACE]
        assert "disk_bytes" not in reading.values


def test_a_local_server_over_tcp_is_heard_on_the_loopback(tree: ProcessTree) -> None:
    """All that passes it, once."""
    assert table_of(tree, socket=False).read(FakeClock()).values["network_bytes"] == 50


def test_nothing_is_known_before_the_connection(tree: ProcessTree) -> None:
    """Until the server has said which process it is."""
    assert table_of(tree).read(FakeClock()).reasons[Source.PROCESSES] == UNKNOWN_YET


def test_a_server_that_has_ended_is_a_reason(tree: ProcessTree) -> None:
    """The others are read all the same."""
    table = table_of(tree)
    table.look_for(BACKEND)
    tree.remove(20)
    reading = table.read(FakeClock())
    assert reading.reasons[Source.PROCESSES] == "/proc: process 20 of the server has ended"
    assert reading.values["generator_cpu_s"] == 5.0


def test_a_file_that_is_not_as_expected_is_a_reason(tree: ProcessTree) -> None:
    """It never ends the run."""
    (tree.proc / "stat").write_text("cpu  1 2\n")
    (tree.proc / "net" / "dev").unlink()
    reading = table_of(tree, socket=False).read(FakeClock())
    assert reading.reasons[Source.MACHINE].startswith("/proc: not enough values")
    assert reading.reasons[Source.NETWORK].startswith("/proc: [Errno 2]")


def test_disk_bytes_that_are_hidden_have_a_reason(tree: ProcessTree) -> None:
    """Processor time and memory are everybody's to see."""
    (tree.proc / "20" / "io").chmod(0)
    table = table_of(tree)
    with as_an_ordinary_user():
        table.look_for(BACKEND)
        reading = table.read(FakeClock())
    assert reading.reasons[Source.DISK] == "/proc/PID/io of the server is shown to its owner and to root only"
    assert reading.values["server_cpu_s"] == 3.0
    assert reading.values["disk_read_bytes"] is None


def test_a_kernel_without_disk_bytes_is_a_reason(tree: ProcessTree) -> None:
    """They are an option of its build."""
    (tree.proc / "20" / "io").unlink()
    table = table_of(tree)
    table.look_for(BACKEND)
    assert table.read(FakeClock()).reasons[Source.DISK] == "this kernel does not count disk bytes by process"


def test_a_system_without_a_process_table(tree: ProcessTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """MacOS has none: nothing is read, and everything has the reason."""
    monkeypatch.setattr("sys.platform", "darwin")
    table = table_of(tree)
    table.look_for(BACKEND)
    reading = table.read(FakeClock())
    assert reading.reasons == dict.fromkeys(READ_LOCALLY, NOT_LINUX)
    assert reading.values == {}


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Give up root's rights for the block; somebody else has none to give up."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)

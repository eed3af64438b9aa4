"""The machine's counters are read from the texts that Linux gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.serverview.machine import network_bytes, processor_times
from tests.unit.serverview.process_tree import TICKS

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = """Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  500       5    0    0    0     0          0         0      500       5    0    0    0     0       0          0
  eth0: 1000      10    0    0    0     0          0         0      200       2    0    0    0     0       0          0
  eth1:7000        1    0    0    0     0          0         0       30       1    0    0    0     0       0          0
"""  # noqa: E501 - as Linux writes it


def test_processors_are_busy_wait_or_are_taken(tmp_path: Path) -> None:
    """Guests' time is part of the user's: it counts once."""
    seconds = [10, 1, 5, 100, 7, 2, 3, 4, 6, 0]
    line = " ".join(str(number * TICKS) for number in seconds)
    (tmp_path / "stat").write_text(f"cpu  {line}\ncpu0 {line}\nintr 5\n")
    assert processor_times(tmp_path) == {
        "machine_busy_s": 21.0,
        "machine_iowait_s": 7.0,
        "machine_steal_s": 4.0,
    }


def test_bytes_of_interfaces_are_added(tmp_path: Path) -> None:
    """What passes the loopback is sent and received here, and counts once; elsewhere both directions count."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "dev").write_text(NETWORK)
    assert network_bytes(tmp_path, loopback=True) == 500
    assert network_bytes(tmp_path, loopback=False) == 8230

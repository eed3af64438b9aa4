"""The columns of the server's series: where each comes from, and what is done to what was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from perfengine.serverview.reading import Source


class Kind(Enum):
    """What becomes of a value that was read."""

    GAUGE = "gauge"  #: it is shown as it is
    RATE = "rate"  #: a counter: its growth over the seconds since the sample before
    GROWTH = "growth"  #: a counter: its growth since the sample before


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the name of the value it is made from, and how."""

    name: str
    source: Source
    kind: Kind
    read: str


def _gauges(source: Source, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name=name, source=source, kind=Kind.GAUGE, read=name) for name in names)


def _counters(source: Source, kind: Kind, **read_by_name: str) -> tuple[Column, ...]:
    return tuple(
        Column(name=name, source=source, kind=kind, read=read) for name, read in read_by_name.items()
    )


COLUMNS: Final = (
    *_gauges(
        Source.SESSIONS,
        "connection_count",
        "run_connections",
        "active_sessions",
        "running_sessions",
        "idle_in_transaction_sessions",
        "lock_wait_s_per_s",
        "longest_lock_wait_s",
        "lwlock_sessions",
        "io_sessions",
        "ipc_sessions",
        "client_sessions",
        "blocked_others",
        "longest_blocked_s",
    ),
    *_counters(
        Source.STATISTICS,
        Kind.RATE,
        commits_per_s="xact_commit",
        rollbacks_per_s="xact_rollback",
        blocks_hit_per_s="blks_hit",
        blocks_read_per_s="blks_read",
        temp_bytes_per_s="temp_bytes",
        wal_bytes_per_s="wal_bytes",
        wal_full_page_images_per_s="wal_full_page_images",
        io_read_bytes_per_s="io_read_bytes",
        io_written_bytes_per_s="io_written_bytes",
    ),
    *_counters(Source.STATISTICS, Kind.GROWTH, deadlocks="deadlocks", checkpoints="checkpoints"),
    *_gauges(
        Source.STATISTICS,
        "running_vacuums",
        "standbys",
        "replication_lag_bytes",
        "replication_lag_s",
        "slot_lag_bytes",
    ),
    *_gauges(Source.PROCESSES, "server_memory_bytes"),
    *_counters(Source.PROCESSES, Kind.RATE, server_cpus="server_cpu_s"),
    *_counters(
        Source.DISK,
        Kind.RATE,
        disk_read_bytes_per_s="disk_read_bytes",
        disk_written_bytes_per_s="disk_written_bytes",
    ),
    *_gauges(Source.SPACE, "disk_free_bytes", "disk_bytes"),
    *_counters(
        Source.MACHINE,
        Kind.RATE,
        machine_cpus="machine_busy_s",
        machine_iowait_cpus="machine_iowait_s",
        machine_steal_cpus="machine_steal_s",
    ),
    *_counters(Source.NETWORK, Kind.RATE, network_bytes_per_s="network_bytes"),
    *_gauges(Source.GENERATOR, "generator_memory_bytes"),
    *_counters(Source.GENERATOR, Kind.RATE, generator_cpus="generator_cpu_s"),
)

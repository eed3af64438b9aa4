"""The server and the machine over the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.chart_of_time import Frame, chart_of_time
from perfengine.report.html.formats import with_unit
from perfengine.report.html.parts import Kind, Line, Table
from perfengine.report.html.read import count, entries, mapping, number, numbers, text
from perfengine.report.html.steps import column, steps_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.report.html.limits import Most
    from perfengine.report.html.parts import Chart
    from perfengine.report.html.read import Entry
    from perfengine.report.html.steps import Floats, Steps

#: key, title, caption, unit, kind, and of each line its words and its column
_CHARTS: Final = (
    ("waits", "Active sessions", "What the sessions that are at work wait for.", "count", Kind.STACK,
     {"processor": "running_sessions", "lock": "lock_wait_s_per_s", "LWLock": "lwlock_sessions", "IO": "io_sessions",
      "IPC": "ipc_sessions", "client": "client_sessions"}),
    ("sessions", "Connections", "Of the whole server, and those of this run.", "count", Kind.LINES,
     {"all": "connection_count", "of this run": "run_connections", "active": "active_sessions",
      "idle in transaction": "idle_in_transaction_sessions"}),
    ("transactions", "Transactions", "Of the database, a second.", "1/s", Kind.LINES,
     {"committed": "commits_per_s", "rolled back": "rollbacks_per_s"}),
    ("cpu", "Processors", "How many were busy, of the whole machine and for whom.", "count", Kind.LINES,
     {"machine": "machine_cpus", "server": "server_cpus", "load processes": "generator_cpus",
      "waiting for disks": "machine_iowait_cpus", "taken by the hypervisor": "machine_steal_cpus"}),
    ("blocks", "Blocks", "Found in shared buffers, and read from outside them, a second.", "1/s", Kind.LINES,
     {"hit": "blocks_hit_per_s", "read": "blocks_read_per_s"}),
    ("wal", "WAL and temporary files", "Written, a second.", "B/s", Kind.LINES,
     {"WAL": "wal_bytes_per_s", "temporary files": "temp_bytes_per_s"}),
    ("io", "Reads and writes of the server", "As the server counts them, a second.", "B/s", Kind.LINES,
     {"read": "io_read_bytes_per_s", "written": "io_written_bytes_per_s"}),
    ("disk", "Disk", "Of the machine, a second.", "B/s", Kind.LINES,
     {"read": "disk_read_bytes_per_s", "written": "disk_written_bytes_per_s"}),
    ("memory", "Memory", "Held by the server and by the load processes.", "B", Kind.LINES,
     {"server": "server_memory_bytes", "load processes": "generator_memory_bytes"}),
    ("network", "Network", "Of the machine, a second.", "B/s", Kind.LINES,
     {"sent and received": "network_bytes_per_s"}),
    ("marks", "Checkpoints, vacuums and deadlocks", "So many in each sample.", "count", Kind.LINES,
     {"checkpoints": "checkpoints", "vacuums under way": "running_vacuums", "deadlocks": "deadlocks"}),
    ("lag", "Replication lag", "Behind the farthest standby.", "B", Kind.LINES, {"lag": "replication_lag_bytes"}),
)  # fmt: skip


def server_charts(document: Entry, most: Most) -> Iterator[Chart | None]:
    """Yield the charts of the server; lines that are 0 all the time are left out, and named."""
    item = next((one for one in entries(document.get("series")) if one.get("about") == "server"), {})
    times = [value for value in numbers(item.get("times")) if value is not None]
    if len(times) < 2:
        return
    columns = mapping(item.get("columns"))
    drawn, listed = steps_of(times, most.points), steps_of(times, most.rows)
    for key, title, caption, unit, kind, names in _CHARTS:
        found = {words: column(columns.get(name), len(times)) for words, name in names.items()}
        shown = {words: values for words, values in found.items() if np.nan_to_num(values).any()}
        still = [
            words for words, values in found.items() if words not in shown and not np.isnan(values).all()
        ]
        if shown:
            frame = Frame(
                key=f"server-{key}",
                title=title,
                caption=caption + (f" Nothing all the time: {', '.join(still)}." if still else ""),
                unit=unit,
                kind=kind,
                group="server",
                x_label="time of the run",
            )
            yield chart_of_time(frame, (drawn, _lines(drawn, shown)), (listed, _lines(listed, shown)))


def _lines(steps: Steps, columns: dict[str, Floats]) -> list[Line]:
    return [
        Line(label=words, color=f"c{place}", values=values_of(steps.mean(values)))
        for place, (words, values) in enumerate(columns.items(), start=1)
    ]


def watched_table(document: Entry) -> Table | None:
    """Return what was watched over the whole run, None where nothing was."""
    rows = [
        (
            text(item.get("metric")),
            _figure(item, "mean"),
            _figure(item, "max"),
            str(count(item.get("samples"))),
            text(item.get("source")),
            text(item.get("reason")),
        )
        for item in entries(document.get("watched"))
    ]
    if not rows:
        return None
    head = ("metric", "mean", "max", "samples", "read from", "why there is none")
    return Table(head=head, rows=tuple(rows), is_text=True)


def _figure(item: Entry, key: str) -> str:
    return with_unit(number(item.get(key)), text(item.get("unit")))

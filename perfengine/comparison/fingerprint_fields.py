"""The fields of a fingerprint: what each is, and what it means when one is not the same.

A name ends at itself, or in `.*` for all that begin with it. What no line names is SOFT: a later perfengine may note
more, and nobody knows what that means. Limits and seeds are no part of a fingerprint: they change what is said of a
run, or which values are drawn, and neither the work nor the ground.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Final

from perfengine.model.fingerprint import FieldClass, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

HARD: Final[Mapping[str, str]] = {
    "operation.sql": "text of its statements, or digest of its Python code",
    "operation.parameters": "what its parameters are drawn from",
    "operation.expectation": "what makes an attempt ok",
    "load.model": "closed or open",
    "load.users": "clients at most",
    "load.rate": "attempts a second of an open load",
    "load.arrival": "how arrivals are spaced",
    "load.think_time": "pause between attempts",
    "load.stages": "the load shape",
    "load.mix": "operations of the mix with their weights; none of a benchmark",
    "load.connections": "connections that the clients share",
    "rows.*": "rows of a table when the phase began, within 1 %",
    "schema.*": "digest of tables, indexes, functions",
    "cache.regime": "prewarmed, warmed up or as it is",
    "server.version_major": "of PostgreSQL",
    "server.memory_class": "memory of the server's machine, to a power of two",
    "server.data_checksums": "on or off",
    "setting.shared_buffers": "as PostgreSQL shows it",
    "setting.fsync": "",
    "setting.synchronous_commit": "",
    "setting.full_page_writes": "",
    "setting.wal_level": "",
    "setting.jit": "",
    "setting.plan_cache_mode": "",
    "machine.cpu_model": "of the generator, and of a server on the same machine",
    "machine.cpus": "processors that can be used",
    "target.topology": "embedded, local or remote",
    "recorder.version": "how latencies are recorded",
}

SOFT: Final[Mapping[str, str]] = {
    "server.version_minor": "",
    "server.locale": "encoding, provider and collation of the database",
    "setting.*": "any other that is not the default, and holds no secret",
    "extension.*": "version of an installed extension",
    "library.*": "version of asyncpg, uvloop and others, to the minor",
    "python.version": "to the minor",
    "machine.kernel": "",
    "machine.libc": "",
    "machine.storage": "file system and kind of disk under the server's files, where it is on this machine",
    "machine.governor": "none where the kernel does not scale",
    "machine.turbo": "on or off",
    "machine.smt": "on or off",
    "machine.numa": "memory nodes",
    "machine.container": "limits of the control groups",
    "machine.hypervisor": "none on bare metal",
    "target.round_trip": "median round trip in ns before the load, within 20 %",
}

INFO: Final[Mapping[str, str]] = {
    "perfengine.version": "",
    "git.commit": "of the working tree that the workload lies in",
    "run.started": "",
    "load.iterations": "",
    "load.duration": "",
    "load.processes": "load processes",
    "machine.host": "digest of its name",
    "machine.uptime": "in s",
    "machine.load": "processes that ran or wanted to, mean of the minute before the run",
    "machine.steal": "share of all processor time that the hypervisor took during the run",
    "machine.temperature": "of the processors before the run, in degrees Celsius",
    "server.stats_reset": "",
}

#: By how much numbers may differ, relative to the larger.
TOLERATED: Final[Mapping[str, float]] = {"rows.*": 0.01, "target.round_trip": 0.20}

#: What may differ because it is under test.
UNDER_TEST: Final[Mapping[Subject, tuple[str, ...]]] = {
    Subject.SCHEMA: ("schema.*", "operation.sql"),
    Subject.VERSION: ("server.version_major", "server.version_minor", "extension.*"),
    Subject.SETTINGS: ("setting.*",),
}

_CLASSES: Final = {
    **dict.fromkeys(HARD, FieldClass.HARD),
    **dict.fromkeys(SOFT, FieldClass.SOFT),
    **dict.fromkeys(INFO, FieldClass.INFO),
}


def class_of(name: str) -> FieldClass:
    """Return what a difference in the field means; a name of its own goes before its group."""
    return _CLASSES.get(name, _CLASSES.get(_group(name), FieldClass.SOFT))


def tolerated(name: str) -> float:
    """Return by which fraction a number may differ and count as the same; 0: not at all."""
    return TOLERATED.get(name, TOLERATED.get(_group(name), 0.0))


def is_under_test(name: str, subject: Subject) -> bool:
    """Return whether the subject exempts the field."""
    return name in UNDER_TEST[subject] or _group(name) in UNDER_TEST[subject]


def memory_class(size_bytes: int) -> str:
    """Return the size to the nearest power of two, in GiB, so that a few reserved megabytes make no difference."""
    power = 1 << max(round(log2(max(size_bytes, 1) / 2**30)), 0)
    return f"{power} GiB"


def _group(name: str) -> str:
    return name.partition(".")[0] + ".*"

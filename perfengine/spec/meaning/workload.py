"""`workload:` of all documents to one `Workload`: the last that says a key wins, operations are joined by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.load import Arrival, Stage
from perfengine.model.operation import Pick
from perfengine.model.workload import NOTHING_SAID, MixShare, Mode, Model, StopRules, WhenExhausted
from perfengine.spec.meaning.load_shape import check_load
from perfengine.spec.meaning.own_operations import build_operation
from perfengine.spec.meaning.safety import build_safety
from perfengine.spec.meaning.setup import build_setup
from perfengine.spec.meaning.think import build_think
from perfengine.spec.shape.workload_parts import EXISTING
from perfengine.spec.text.tree import MapNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from perfengine.model.workload import OwnOperation, Workload
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.load_parts import StagePart
    from perfengine.spec.shape.workload_parts import WorkloadPart

#: Keys whose value is taken as it is, with what it is called in a `Workload`.
_PLAIN: Final[Mapping[str, str]] = {
    "seed": "seed",
    "warmup": "warmup_ns",
    "duration": "duration_ns",
    "iterations": "iterations",
    "timeout": "timeout_ns",
    "concurrency": "concurrency",
    "connections": "connections",
    "processes": "processes",
    "rate": "rate_per_s",
    "max_in_flight": "max_in_flight",
    "prepare": "prepare",
    "session": "session",
}
_WORDS: Final[Mapping[str, Callable[[str], object]]] = {"mode": Mode, "model": Model, "arrival": Arrival}


def read_workload(
    documents: Iterable[Document], tables: KnownTables, mistakes: Mistakes, notes: list[str]
) -> Workload:
    """Return the workload of the documents; what is wrong is noted, what is without effect goes to `notes`."""
    workload = NOTHING_SAID
    operations: dict[str, OwnOperation] = {}
    stages: list[StagePart] = []
    for document in documents:
        part = document.part.workload
        if part is None:
            continue
        reader = _Reader(part, tables, mistakes)
        operations |= {operation.name: operation for operation in reader.operations()}
        places = {**workload.places, **part.node.keys_at}
        position = document.root.keys_at["workload"]
        workload = replace(workload, places=places, position=position, **dict(reader.values()))
        stages = stages if part.stages is None else part.stages
        notes += reader.notes()
    workload = replace(workload, operations=tuple(operations.values()))
    return check_load(workload, stages, mistakes, notes)


def workload_name(documents: Iterable[Document]) -> str:
    """Return what the first workload calls itself: `name:`, else the stem of its file; nothing without a workload."""
    with_workload = [document for document in documents if document.has_workload]
    named = [document.name for document in with_workload if document.name is not None]
    stems = [PurePath(document.position.path).stem for document in with_workload]
    return next(iter(named or stems), "")


class _Reader:
    """One `workload:`."""

    def __init__(self, part: WorkloadPart, tables: KnownTables, mistakes: Mistakes) -> None:
        self._part = part
        self._tables = tables
        self._mistakes = mistakes

    def values(self) -> Iterator[tuple[str, Any]]:
        """Yield what is said, by its name in a `Workload`."""
        part = self._part
        for key, name in _PLAIN.items():
            if getattr(part, key) is not None:
                yield name, getattr(part, key)
        for key, build in _WORDS.items():
            if getattr(part, key) is not None:
                yield key, build(getattr(part, key))
        if part.think_time is not None:
            yield "think", build_think(part.think_time, self._mistakes)
        if part.target is not None:
            yield "existing", part.target == EXISTING
        yield from self._pool()
        yield from self._rows()
        yield from self._lists()
        yield from self._stop()
        if part.safety is not None:
            yield "safety", build_safety(part.safety)

    def notes(self) -> Iterator[str]:
        """Yield a line for what is accepted and changes nothing."""
        pool = self._part.pool
        if pool is not None and pool.without_effect:
            keys = ", ".join(pool.without_effect)
            yield f"workload: pool: accepted, without effect: {keys}: connections are opened before the load and kept"

    def operations(self) -> Iterator[OwnOperation]:
        """Yield the operations of `ops:`."""
        node = self._part.node.get("ops")
        for name, part in (self._part.ops or {}).items():
            assert isinstance(node, MapNode)  # noqa: S101 - the shape was read
            yield build_operation(name, part, node.keys_at[name], self._tables, self._mistakes)

    def _pool(self) -> Iterator[tuple[str, Any]]:
        part, pool = self._part, self._part.pool
        if pool is None:
            return
        if pool.max is not None:
            if part.connections not in {None, pool.max}:
                message = f"max: connections says {part.connections}, this says {pool.max}: keep one of them"
                self._mistakes.add(pool.place("max"), message)
            yield "connections", pool.max
        if pool.statement_cache_size == 0:
            if part.prepare:
                message = "statement_cache_size: 0 says the opposite of prepare: true: keep one of them"
                self._mistakes.add(pool.place("statement_cache_size"), message)
            yield "prepare", False

    def _rows(self) -> Iterator[tuple[str, Any]]:
        rows = self._part.rows
        if rows is not None and rows.pick is not None:
            yield "pick", Pick(rows.pick)
        if rows is not None and rows.when_exhausted is not None:
            yield "when_exhausted", WhenExhausted(rows.when_exhausted)

    def _lists(self) -> Iterator[tuple[str, Any]]:
        part = self._part
        if part.stages is not None:
            yield (
                "stages",
                tuple(Stage(duration_ns=stage.duration, target=stage.target.value) for stage in part.stages),
            )
        if part.mix is not None:
            yield "mix", tuple(self._mix(part.mix))
        for key in ("setup", "teardown"):
            if getattr(part, key) is not None:
                yield key, tuple(build_setup(part, key, self._tables, self._mistakes))

    def _mix(self, mix: Mapping[str, Any]) -> Iterator[MixShare]:
        node = self._part.node["mix"]
        assert isinstance(node, MapNode)  # noqa: S101 - the shape was read
        if not node.origin:
            self._mistakes.add(
                self._part.place("mix"), "mix: there is nothing in it: write operation: weight"
            )
        for name, weight in mix.items():
            yield MixShare(name=name, weight=float(weight), position=node.keys_at[name])

    def _stop(self) -> Iterator[tuple[str, Any]]:
        part, stop = self._part, self._part.stop
        abort, delay = part.abort_on_fail, part.abort_delay
        if stop is None and abort is None and delay is None:
            return
        for key in ("abort_on_fail", "abort_delay"):
            if stop is not None and getattr(part, key) is not None and getattr(stop, key) is not None:
                self._mistakes.add(part.node.keys_at[key], f"{key}: stop says it too: keep one of them")
        rate = stop.max_error_rate if stop else None
        yield (
            "stop",
            StopRules(
                abort_on_fail=bool(abort or (stop and stop.abort_on_fail)),
                abort_delay_ns=delay or (stop.abort_delay if stop else None) or 0,
                max_error_rate=None if rate is None else float(rate),
            ),
        )

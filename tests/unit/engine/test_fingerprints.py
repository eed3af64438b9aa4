"""Fingerprints follow the work and the ground, and neither seeds nor limits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.comparison.fingerprint import compare_fingerprints
from perfengine.comparison.fingerprint_fields import HARD, INFO, SOFT, class_of
from perfengine.database.preflight import ServerFacts
from perfengine.database.server_ground import ServerGround
from perfengine.engine.fingerprints import Ground, canonical, digest, fingerprints_of
from perfengine.engine.ground.moment import moment_fields, read_moment
from perfengine.engine.machine import code_digests, machine_fields, memory_of_machine
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.model.fingerprint import FieldClass
from perfengine.model.settings import LoadSettings
from perfengine.model.summary import RowCounts
from perfengine.model.transaction import Retry
from perfengine.model.workload import Mode
from tests.builders import make_environment, make_summary

if TYPE_CHECKING:
    from perfengine.model.fingerprint import Fingerprint

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"
FACTS = ServerFacts(
    version_number=180006,
    version="18.6",
    database="postgres",
    role="postgres",
    in_recovery=False,
    read_only=False,
    may_create=True,
    max_connections=100,
    reserved=3,
    connected=1,
    settings={"shared_buffers": "128MB", "port": "5432", "work_mem": "4MB"},
    ground=ServerGround(
        settings={"plan_cache_mode": "auto"},
        extensions={"plpgsql": "1.0"},
        data_checksums="on",
        locale="UTF8, libc C",
    ),
)


def with_ground(**values: Any) -> ServerFacts:
    """Return the facts of a server that differs in what it is made of."""
    return replace(FACTS, ground=replace(FACTS.ground, **values))


def fingerprint(
    name: str = "order_query",
    load: LoadSettings | None = None,
    *,
    path: Path = ORDER,
    rows: RowCounts | None = None,
    mode: Mode | None = None,
    **ground: Any,
) -> Fingerprint:
    """Return the fingerprint of an operation of a scenario."""
    plan = plan_run(RunRequest(paths=(path,), load=load or LoadSettings(), mode=mode)).plan
    summaries = tuple(
        replace(make_summary([1000], operation=item.operation, rows=rows), connections=10)
        for item in plan.operations
    )
    values = {
        "facts": FACTS,
        "environment": make_environment(),
        "topology": "embedded",
        "machine": {"machine.cpus": 2},
        **ground,
    }
    return fingerprints_of(plan, summaries, Ground(**values))[name]


def differing(other: Fingerprint, name: str = "order_query") -> dict[str, FieldClass]:
    """Return the fields in which another fingerprint differs from the plain one."""
    return {each.name: each.field_class for each in compare_fingerprints(fingerprint(name), other)}


def test_same_plan_same_fingerprint() -> None:
    """Whatever is planned twice is the same, to the last field; JSON can hold it."""
    assert json.loads(json.dumps(fingerprint())) == fingerprint()


def test_seed_and_limits_are_no_part_of_it(tmp_path: Path) -> None:
    """Other values are drawn, other things are asked: the work is the same."""
    lenient = tmp_path / "order.yaml"
    lenient.write_text(ORDER.read_text().replace("100ms", "250ms"))
    assert differing(fingerprint(load=LoadSettings(seed=7), path=lenient)) == {}


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({"concurrency": 7}, {"load.users": FieldClass.HARD}),
        ({"iterations": 99}, {"load.iterations": FieldClass.INFO}),
        ({"data_size": 5000}, {"rows.customer": FieldClass.HARD, "rows.order": FieldClass.HARD}),
        (
            {"rate_per_s": 50.0, "concurrency": 10},
            {"load.model": FieldClass.HARD, "load.rate": FieldClass.HARD, "load.arrival": FieldClass.HARD},
        ),
    ],
)
def test_the_load(settings: dict[str, Any], fields: dict[str, FieldClass]) -> None:
    """What the command line changes of the load is seen."""
    assert differing(fingerprint(load=LoadSettings(**settings))) == fields


@pytest.mark.parametrize(
    ("ground", "fields"),
    [
        ({"facts": replace(FACTS, version_number=170002)}, {"server.version_major", "server.version_minor"}),
        ({"facts": replace(FACTS, settings={**FACTS.settings, "port": "9"})}, set()),
        ({"facts": replace(FACTS, settings={**FACTS.settings, "work_mem": "1GB"})}, {"setting.work_mem"}),
        (
            {"facts": with_ground(settings={"plan_cache_mode": "force_custom_plan"})},
            {"setting.plan_cache_mode"},
        ),
        ({"facts": with_ground(settings={**FACTS.ground.settings, "jit": "off"})}, {"setting.jit"}),
        ({"facts": with_ground(extensions={"plpgsql": "1.0", "pgcrypto": "1.3"})}, {"extension.pgcrypto"}),
        ({"facts": with_ground(data_checksums="off")}, {"server.data_checksums"}),
        ({"facts": with_ground(data_checksums=None)}, {"server.data_checksums"}),
        ({"facts": with_ground(locale="UTF8, icu en-US")}, {"server.locale"}),
        ({"facts": with_ground(stats_reset="2026-11-25T10:00:00+00:00")}, {"server.stats_reset"}),
        ({"round_trip_ns": 40_000}, {"target.round_trip"}),
        ({"prewarmed": True}, {"cache.regime"}),
        ({"started": "2026-11-25T10:00:00+00:00", "commit": "1" * 40}, {"run.started", "git.commit"}),
        ({"topology": "remote"}, {"target.topology"}),
        ({"machine": {"machine.cpus": 4}}, {"machine.cpus"}),
        ({"environment": replace(make_environment(), python="3.11.9")}, set()),
        ({"environment": replace(make_environment(), python="3.12.0")}, {"python.version"}),
    ],
)
def test_the_ground(ground: dict[str, Any], fields: set[str]) -> None:
    """So is what it stood on; patch levels and ports do not matter."""
    assert set(differing(fingerprint(**ground))) == fields


def test_rows_are_those_at_the_start_of_the_phase() -> None:
    """Rows that the operation needs are in its own table beside the data set."""
    assert fingerprint(rows=RowCounts(at_start=123))["rows.order"] == 123


def test_operations_differ_in_their_work() -> None:
    """Two operations of a plan share the ground and nothing of the work."""
    fields = differing(fingerprint("order_status_query"))
    assert set(fields) >= {"operation.sql"}
    assert all(name.startswith("operation.") or name == "load.iterations" for name in fields)


def test_a_changed_field_is_a_changed_schema(tmp_path: Path) -> None:
    """Of every operation, whether it reads the field or not."""
    other = tmp_path / "order.yaml"
    text = ORDER.read_text()
    assert "total_amount: decimal" in text
    other.write_text(text.replace("total_amount: decimal", "total_amount: float"))
    assert differing(fingerprint(path=other))["schema.tables"] is FieldClass.HARD


def test_code_of_python_files(tmp_path: Path) -> None:
    """The digest follows the text; what cannot be read has none."""
    path = tmp_path / "w.py"
    path.write_text("a = 1")
    first = code_digests([str(path), str(tmp_path / "none.py")])
    assert list(first) == [str(path)]
    path.write_text("a = 2")
    assert code_digests([str(path)]) != first


def test_sets_have_no_order() -> None:
    """Two processes order a set differently; its digest is the same."""
    assert canonical(frozenset({"40P01", "40001", "55P03"})) == ["40001", "40P01", "55P03"]
    assert digest(Retry()) == digest(Retry(sqlstates=frozenset({"40P01", "40001"})))
    assert digest(Retry()) != digest(Retry(max_retries=1))


def test_this_machine() -> None:
    """Every machine has processors, and a kernel."""
    fields = machine_fields()
    assert isinstance(fields["machine.cpus"], int)
    assert fields["machine.cpus"] >= 1
    assert fields["machine.kernel"]
    assert memory_of_machine() is None or memory_of_machine().endswith(" GiB")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("settings", "mode", "prewarmed", "regime"),
    [
        ({}, None, False, "warmed up"),
        ({}, None, True, "prewarmed"),
        ({"warmup_ns": 0}, Mode.MIX, False, "as it is"),
        ({"warmup_ns": 10**9}, Mode.MIX, False, "warmed up"),
        ({"warmup_ns": 0}, Mode.MIX, True, "prewarmed"),
    ],
)
def test_what_was_done_for_the_caches(
    settings: dict[str, Any], mode: Mode | None, regime: str, *, prewarmed: bool
) -> None:
    """Tables that were brought into memory, else attempts that nobody measured, else nothing."""
    found = fingerprint(load=LoadSettings(**settings), mode=mode, prewarmed=prewarmed)
    assert found["cache.regime"] == regime


def test_every_declared_field_is_collected_and_no_other() -> None:
    """A field that nobody fills in would never differ; one that nobody declared would warn and not say why."""
    moment = read_moment()
    names = set(fingerprint(machine={**machine_fields(), **moment_fields(moment, moment)}))
    declared = {*HARD, *SOFT, *INFO}
    groups = {f"{name.partition('.')[0]}.*" for name in names}
    assert {name for name in declared if not name.endswith(".*") and not name.startswith("setting.")} <= names
    assert {name for name in declared if name.endswith(".*")} <= groups
    assert [
        name for name in names if name not in declared and f"{name.partition('.')[0]}.*" not in declared
    ] == []


def test_work_and_load_must_be_the_same() -> None:
    """Whatever says what is done, and under which load, is a hard field; how long is not."""
    found = [
        name for name in fingerprint() if name.partition(".")[0] in {"operation", "load", "rows", "cache"}
    ]
    others = {name for name in found if class_of(name) is not FieldClass.HARD}
    assert others == {"load.iterations", "load.duration", "load.processes"}

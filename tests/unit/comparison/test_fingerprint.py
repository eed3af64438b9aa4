"""Fingerprints: what refuses a comparison, what warns, what is only said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.comparison.fingerprint import compare_fingerprints, is_comparable
from perfengine.comparison.fingerprint_fields import HARD, INFO, SOFT, class_of, memory_class
from perfengine.model.fingerprint import FieldClass, FieldDifference, Subject

if TYPE_CHECKING:
    from perfengine.model.fingerprint import Known

FINGERPRINT: dict[str, Known | None] = {
    "operation.sql": "SELECT order_confirm($1)",
    "operation.parameters": "claim order",
    "operation.expectation": "returned",
    "load.model": "closed",
    "load.users": 10,
    "load.rate": 0.0,
    "load.arrival": "constant",
    "load.think_time": "none",
    "load.stages": "none",
    "load.mix": "none",
    "load.connections": 10,
    "rows.order": 10_000,
    "schema.order": "3f2a",
    "cache.regime": "warm",
    "server.version_major": 18,
    "server.memory_class": "16 GiB",
    "server.data_checksums": True,
    "setting.shared_buffers": "128MB",
    "setting.fsync": "on",
    "setting.synchronous_commit": "on",
    "setting.full_page_writes": "on",
    "setting.wal_level": "replica",
    "setting.jit": "off",
    "setting.plan_cache_mode": "auto",
    "machine.cpu_model": "EPYC",
    "machine.cpus": 4,
    "target.topology": "embedded",
    "recorder.version": 1,
    "server.version_minor": 1,
    "server.locale": "C.UTF-8",
    "setting.work_mem": "4MB",
    "setting.TimeZone": "UTC",
    "setting.random_page_cost": 1.1,
    "extension.pg_stat_statements": "1.12",
    "extension.pgcrypto": "1.4",
    "library.asyncpg": "0.31",
    "library.uvloop": "0.22",
    "python.version": "3.13",
    "machine.kernel": "6.1",
    "machine.libc": "2.36",
    "machine.storage": "nvme",
    "machine.governor": "performance",
    "machine.turbo": False,
    "machine.smt": True,
    "machine.numa": 1,
    "machine.container": "none",
    "machine.hypervisor": "kvm",
    "target.round_trip": 50_000,
    "perfengine.version": "0.4.0",
    "git.commit": "abc",
    "machine.host": "9c1e",
}


def of_class(field_class: FieldClass) -> list[str]:
    """Return the fields of the fingerprint that have a class."""
    return [name for name in FINGERPRINT if class_of(name) is field_class]


def mutated(name: str) -> dict[str, Known | None]:
    """Return the fingerprint with another value of the field."""
    value = FINGERPRINT[name]
    if isinstance(value, bool):
        return {**FINGERPRINT, name: not value}
    return {**FINGERPRINT, name: f"{value}x" if isinstance(value, str) else (value or 0) * 2 + 1}


def differences(name: str) -> tuple[FieldDifference, ...]:
    """Return what the mutation of a field makes of the comparison."""
    return compare_fingerprints(FINGERPRINT, mutated(name))


def test_there_are_twenty_of_either() -> None:
    """The mutations below are at least twenty hard and twenty soft ones, and cover every hard field there is."""
    assert len(of_class(FieldClass.HARD)) >= 20
    assert len(of_class(FieldClass.SOFT)) >= 20
    groups = {f"{name.partition('.')[0]}.*" for name in FINGERPRINT}
    assert {name for name in HARD if not name.endswith(".*")} <= set(FINGERPRINT)
    assert {name for name in HARD if name.endswith(".*")} <= groups


@pytest.mark.parametrize("name", of_class(FieldClass.HARD))
def test_hard_fields_refuse(name: str) -> None:
    """Whatever hard field differs, the two are not comparable, and it is named."""
    (found,) = differences(name)
    assert (found.name, found.field_class) == (name, FieldClass.HARD)
    assert (found.before, found.after) == (FINGERPRINT[name], mutated(name)[name])
    assert not is_comparable((found,))


@pytest.mark.parametrize("name", of_class(FieldClass.SOFT))
def test_soft_fields_warn(name: str) -> None:
    """Whatever soft field differs, the two are comparable, with a warning that names it."""
    (found,) = differences(name)
    assert (found.name, found.field_class) == (name, FieldClass.SOFT)
    assert is_comparable((found,))


@pytest.mark.parametrize("name", of_class(FieldClass.INFO))
def test_other_fields_are_said(name: str) -> None:
    """What is neither is only said."""
    (found,) = differences(name)
    assert found.field_class is FieldClass.INFO


def test_equal_fingerprints() -> None:
    """Nothing differs between equal ones."""
    assert compare_fingerprints(FINGERPRINT, dict(FINGERPRINT)) == ()


@pytest.mark.parametrize("unknown", [{"machine.cpus": None}, {}])
def test_unknown_is_not_equal(unknown: dict[str, Known | None]) -> None:
    """A hard field that one side could not read, or does not have, is a warning; unread on both it is nothing."""
    (found,) = compare_fingerprints({"machine.cpus": 4}, unknown)
    assert (found.field_class, found.before, found.after) == (FieldClass.SOFT, 4, None)
    assert compare_fingerprints({"machine.cpus": None}, unknown) == ()


@pytest.mark.parametrize(
    ("name", "before", "after", "same"),
    [
        ("rows.order", 10_000, 10_100, True),
        ("rows.order", 10_000, 10_102, False),
        ("target.round_trip", 50_000, 62_000, True),
        ("target.round_trip", 50_000, 63_000, False),
        ("machine.cpus", 1000, 1001, False),
    ],
)
def test_numbers_that_may_differ_a_little(name: str, before: int, after: int, *, same: bool) -> None:
    """Rows may differ by 1 %, the round trip by 20 %, other numbers by nothing."""
    assert (compare_fingerprints({name: before}, {name: after}) == ()) is same


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (Subject.SCHEMA, "schema.order"),
        (Subject.SCHEMA, "operation.sql"),
        (Subject.VERSION, "server.version_major"),
        (Subject.SETTINGS, "setting.shared_buffers"),
        (Subject.SETTINGS, "setting.work_mem"),
    ],
)
def test_what_is_under_test_is_said(subject: Subject, name: str) -> None:
    """The subject of a comparison may differ, and nothing else may for its sake."""
    (found,) = compare_fingerprints(FINGERPRINT, mutated(name), {subject})
    assert found.field_class is FieldClass.INFO
    (other,) = compare_fingerprints(FINGERPRINT, mutated("load.users"), {subject})
    assert other.field_class is FieldClass.HARD


def test_unheard_of_fields_warn() -> None:
    """A field of a later perfengine is a warning."""
    assert class_of("moon.phase") is FieldClass.SOFT


def test_hard_fields_come_first() -> None:
    """Differences are in the order of their weight, then of their names."""
    other = {**FINGERPRINT, "git.commit": "x", "machine.libc": "x", "load.users": 1, "cache.regime": "cold"}
    found = [difference.name for difference in compare_fingerprints(FINGERPRINT, other)]
    assert found == ["cache.regime", "load.users", "machine.libc", "git.commit"]


def test_no_field_has_two_classes() -> None:
    """Every name is in one list."""
    assert not set(HARD) & set(SOFT)
    assert not (set(HARD) | set(SOFT)) & set(INFO)


@pytest.mark.parametrize(
    ("size_bytes", "name"),
    [(16 * 2**30, "16 GiB"), (int(15.6 * 2**30), "16 GiB"), (33 * 10**9, "32 GiB"), (2**28, "1 GiB")],
)
def test_memory_class(size_bytes: int, name: str) -> None:
    """What the kernel keeps for itself does not make another machine."""
    assert memory_class(size_bytes) == name

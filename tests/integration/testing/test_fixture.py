"""The fixture in tests of others, on a real server: what passes, fails, is skipped, and what they read then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.engine.looking import Onlooker

#: It waits far longer than a load process is late by on a busy machine: what such a delay could explain is unproven.
WORKLOAD = """
workload:
  mode: mix
  ops:
    ping: {sql: SELECT pg_sleep(0.1), read_only: true, requirements: {p50: %s}}
"""

TESTS = """
import asyncio
import perfengine as engine
import pytest


async def nap(client):
    await client.fetchval("SELECT pg_sleep(0.1)")


@engine.operation(requirements={"mean": "10s"})
async def quick(client):
    await client.fetchval("SELECT 1")


def test_documents_hold(perfengine):
    result = perfengine.run("generous.yaml", iterations=20, warmup="1ms")
    assert result.operations[0].ok == 20


def test_documents_are_violated(perfengine):
    perfengine.run("strict.yaml", iterations=20, warmup="1ms")


def test_functions_are_violated(perfengine):
    limits = {"nap": {"mean": "1ms", "max": "2ms", "min": "10s"}}
    perfengine.run(nap, iterations=10, requirements=limits)


def test_nothing_is_asserted_unless_asked(perfengine):
    result = perfengine.run(nap, check=False, iterations=10, requirements={"nap": {"mean": "1ms"}})
    assert result.standing is engine.Standing.FAIL
    with pytest.raises(AssertionError, match="nap: 0[.][1-9]"):
        perfengine.assert_holds(result)


def test_one_limit_is_unproven(perfengine):
    perfengine.run(quick, iterations=10, requirements={"quick": {"p99": "10s"}})


def test_one_limit_is_unproven_strictly(perfengine):
    perfengine.run(quick, strict=True, iterations=10, requirements={"quick": {"p99": "10s"}})


def test_nothing_is_proven(perfengine):
    perfengine.run(nap, iterations=10, requirements={"nap": {"p99": "10s"}})


def test_async(perfengine):
    async def main():
        return await perfengine.run_async(quick, iterations=10)

    assert asyncio.run(main()).operations[0].ok == 10


def test_mistake(perfengine):
    perfengine.run("missing.yaml")
"""


@pytest.fixture
def alone(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the plugins of this environment; ours is named, installed or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.plugins.append("perfengine.testing.plugin")


@pytest.mark.usefixtures("alone")
def test_ways_to_end(pytester: pytest.Pytester, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test for each way that a run can end, on the server that the settings name."""
    monkeypatch.setenv("PERFENGINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    pytester.makeini(f"[pytest]\nperfengine_dsn = {database}\n")
    pytester.makefile(".yaml", generous=WORKLOAD % "10s", strict=WORKLOAD % "1ns")
    pytester.makepyfile(TESTS)
    ended = pytester.runpytest_subprocess("-rs", timeout=110)
    ended.assert_outcomes(passed=4, failed=4, skipped=1)
    ended.stdout.fnmatch_lines(
        [
            # each violated limit: what was seen, the limit, the samples, and where it was asked
            "*AssertionError: FAIL (1 limit: 1 violated)",
            "*❌ ping p50: *s > 0.000000001s (max)",
            "*20 samples, asked at strict.yaml:4:76",
            "*AssertionError: FAIL (3 limits: 1 held, 2 violated)",
            "*❌ nap: 0.*s > 0.0010s (target)",
            "*❌ nap max: *s > 0.0020s (max)",
            "*AssertionError: not proven, as strict asks (2 limits: 1 held, 1 unproven)",
            "*❔ quick p99: too few samples: needs 299 samples, has 10, *",
            '*UsageError: missing.yaml: no such file, did you mean "strict.yaml"[?]',
            # what passed is not passed over
            "*= perfengine =*",
            "*::test_documents_hold: PASS (1 limit: 1 held)",
            "*::test_one_limit_is_unproven: PASS (2 limits: 1 held, 1 unproven)",
            "❔ quick p99: too few samples*",
            "SKIPPED*UNPROVEN (1 limit: 1 unproven); ❔ nap p99: too few samples: needs 299*",
        ]
    )
    assert "perfengine/testing" not in ended.stdout.str(), "the test's own line is what a reader needs"


@pytest.mark.usefixtures("alone")
def test_an_embedded_server(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the settings ask, whatever the environment names; files are found from pytest's root."""
    monkeypatch.setenv("PERFENGINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    pytester.makeini("[pytest]\nperfengine_embedded = true\n")
    pytester.makefile(".yaml", generous=WORKLOAD % "10s")
    pytester.makepyfile(
        """
        def test_it(perfengine):
            result = perfengine.run(scenario="generous.yaml", iterations=20, warmup="1ms", strict=True)
            assert result.environment.embedded
        """
    )
    monkeypatch.chdir(pytester.mkdir("elsewhere"))
    pytester.runpytest_subprocess(
        f"--rootdir={pytester.path}", str(pytester.path), timeout=110
    ).assert_outcomes(passed=1)


@pytest.mark.usefixtures("alone")
def test_the_server_of_a_test_wins(pytester: pytest.Pytester, database: str) -> None:
    """Over that of the settings; and an interrupted run ends the session."""
    pytester.makeini("[pytest]\nperfengine_dsn = postgresql://nobody@127.0.0.1:1/nowhere\n")
    pytester.makepyfile(
        f"""
        import os, signal

        async def stop_soon(client):
            await client.fetchval("SELECT pg_sleep(0.01)")
            if client.number == 5:
                os.kill(os.getpid(), signal.SIGINT)

        def test_it(perfengine):
            perfengine.run(stop_soon, dsn={database!r}, iterations=1000)

        def test_never():
            pass
        """
    )
    ended = pytester.runpytest_subprocess(timeout=110)
    assert ended.ret == pytest.ExitCode.INTERRUPTED
    ended.assert_outcomes()
    ended.stdout.fnmatch_lines(["*KeyboardInterrupt*"])


@pytest.mark.usefixtures("alone")
def test_existing_tables_and_scripts(
    pytester: pytest.Pytester, inhabited: str, onlooker: Onlooker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All arguments reach the run; a script is found from pytest's root, its weight beside its name."""
    before = onlooker.everything()
    pytester.makeini(f"[pytest]\nperfengine_dsn = {inhabited}\n")
    (pytester.path / "visit.sql").write_text("SELECT :most;\n")
    pytester.makepyfile(
        """
        import perfengine as engine

        @engine.operation(read_only=True)
        async def look(client):
            await client.fetch('SELECT * FROM public."order"')
            assert await client.fetchval("SHOW transaction_read_only") == "on"

        def test_existing(perfengine):
            result = perfengine.run(look, target="existing", read_only=True, schema="public", iterations=20)
            assert result.operations[0].ok == 20

        def test_scripts(perfengine):
            result = perfengine.run(
                "visit.sql@3", format="pgbench", definitions={"most": 1}, max_tries=2, iterations=20, warmup="1ms"
            )
            assert [(one.operation.name, one.ok) for one in result.operations] == [("visit", 20)]
        """
    )
    monkeypatch.chdir(pytester.mkdir("elsewhere"))
    pytester.runpytest_subprocess(
        f"--rootdir={pytester.path}", str(pytester.path), timeout=110
    ).assert_outcomes(passed=2)
    assert onlooker.everything() == before

"""Every exit code, as the shell sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Perfengine

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"
NO_LIMITS = "name: parcel\nfields:\n  id: uuid\n  weight: decimal\n"
QUICK = ("--concurrency", "4", "--iterations", "100", "--filter", "parcel_query")


#: The server needs five milliseconds for a row, so a limit of a tenth of one fails whatever a busy generator adds.
SLOW = (
    "name: parcel\nfields:\n  id: uuid\n  weight: decimal\npatterns:\n"
    "  - name: validation\n    rules:\n"
    '      - {name: slow, field: weight, rule: "weight > 0 AND pg_sleep(0.005) IS NOT NULL"}\n'
    "performance:\n  requirements:\n    - {operation: validate_parcel_slow_accept, target_mean: 100us}\n"
)


def limited(limit: str) -> str:
    """Return an entity with one limit on its query."""
    return f"{NO_LIMITS}performance:\n  requirements:\n    - {{operation: parcel_query, {limit}}}\n"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return where a test writes its scenario."""
    return tmp_path / "parcel.yaml"


@pytest.mark.parametrize(
    ("document", "options", "code"),
    [
        pytest.param(NO_LIMITS, (), 0, id="no limit, every operation answered"),
        pytest.param(limited("target_mean: 10s"), (), 0, id="a limit that holds"),
        pytest.param(limited("target_p99: 10s"), (), 4, id="nothing could be judged: p99 needs 299"),
        pytest.param(
            limited("target_mean: 10s, target_p99: 10s"), (), 0, id="one judged and held, one unproven"
        ),
        pytest.param(limited("target_mean: 10s, target_p99: 10s"), ("--strict",), 4, id="strict"),
        pytest.param(limited("target_mean: 10"), (), 2, id="a duration without a unit"),
    ],
)
def test_a_run_answers(
    perfengine: Perfengine, dsn: str, scenario: Path, document: str, options: tuple[str, ...], code: int
) -> None:
    """A run's exit code says what became of its limits."""
    scenario.write_text(document)
    ended = perfengine("run", scenario, *QUICK, "--dsn", dsn, *options)
    assert ended.code == code, ended.stdout + ended.stderr


def test_a_limit_that_fails(perfengine: Perfengine, dsn: str, scenario: Path) -> None:
    """Exit 1; the line of the limit names the operation, both values and the sign that was judged."""
    scenario.write_text(SLOW)
    chosen = ("--filter", "validate_parcel_slow_accept", "-c", "2", "--iterations", "50", "--data-size", "20")
    ended = perfengine("run", scenario, *chosen, "--dsn", dsn)
    assert ended.code == 1, ended.stdout + ended.stderr
    assert "❌ validate_parcel_slow_accept: 0.0" in ended.stdout
    assert "> 0.0001s (target)" in ended.stdout
    assert "RESULT: FAIL" in ended.stdout


def test_a_filter_that_selects_nothing_is_wrong_input(perfengine: Perfengine, dsn: str) -> None:
    """The mistake lists what could be selected, and nothing is run."""
    ended = perfengine("run", ORDER, "--filter", "no_such_thing", "--dsn", dsn)
    assert ended.code == 2
    assert "single_order_confirm" in ended.stderr
    assert "phase=" not in ended.stderr


def test_a_requirement_of_the_scenario_that_names_nothing_is_wrong_input(
    perfengine: Perfengine, scenario: Path
) -> None:
    """It is a mistake with its place, and a suggestion."""
    scenario.write_text(
        limited("target_mean: 1s").replace("operation: parcel_query", "operation: parcel_quer")
    )
    ended = perfengine("check", scenario)
    assert ended.code == 2
    assert "parcel.yaml:7:" in ended.stderr
    assert 'did you mean "parcel_query"?' in ended.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://nobody:s3cr3t@127.0.0.1:1/none", ("connection refused", "127.0.0.1:1")),
        ("postgresql://nobody:s3cr3t@/none?host=/nowhere", ("no socket there",)),
    ],
)
def test_an_unreachable_server_is_named_without_its_password(
    perfengine: Perfengine, address: str, words: tuple[str, ...]
) -> None:
    """Exit 3 and one line: address, cause, remedy; the password is nowhere."""
    ended = perfengine("run", ORDER, "--dsn", address)
    assert ended.code == 3
    last = ended.stderr.strip().splitlines()[-1]
    assert all(word in last for word in words), last
    assert "s3cr3t" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_missing_database_is_said(perfengine: Perfengine, dsn: str) -> None:
    """Exit 3, with what to do about it."""
    ended = perfengine("run", ORDER, "--dsn", dsn.replace("/perfengine?", "/no_such_database?"))
    assert ended.code == 3
    assert "does not exist" in ended.stderr


def test_a_remote_server_from_the_environment_is_refused(perfengine: Perfengine) -> None:
    """Nobody at a terminal and no --allow-target: exit 5, or 3 when it does not even answer; never loaded."""
    ended = perfengine("run", ORDER, DATABASE_URL="postgresql://app@192.0.2.1.invalid/app")
    assert ended.code == 3  # the name does not resolve: nothing was touched, and the address is shown
    assert "192.0.2.1.invalid" in ended.stderr


def test_an_operation_without_an_ok_attempt_fails_the_run(
    perfengine: Perfengine, dsn: str, scenario: Path
) -> None:
    """A rule whose rejecting rows are accepted would be an error; here every insert breaks a check of the wire."""
    scenario.write_text(
        "name: parcel\nfields:\n  id: uuid\n  weight: decimal\npatterns:\n"
        "  - name: validation\n    rules:\n"
        '      - {name: never, field: weight, rule: "weight > 0 AND weight < 0"}\n'
    )
    ended = perfengine("run", scenario, "--dsn", dsn)
    assert ended.code == 2
    assert 'rule "never"' in ended.stderr

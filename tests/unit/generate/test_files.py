"""The files of the original document's order, to the letter; what they are called; that ruff has nothing to say."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.generate.seal import is_untouched
from perfengine.model.entity import Field, FieldType
from perfengine.model.requirement import Metric
from tests.builders import make_requirement, make_summary
from tests.entities import make_entity, make_machine
from tests.results import MS, make_judged
from tests.unit.generate.made import ORIGIN, files_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Golden


@pytest.mark.parametrize("name", files_of())
def test_order(name: str, golden: Golden) -> None:
    """On a server that has the schema."""
    golden(f"generate/{name}", files_of()[name])


def test_order_with_its_schema(golden: Golden) -> None:
    """Tables, constraints and functions come first; the rest is the same."""
    name = "order_state_machine_performance.sql"
    golden(f"generate/with_schema/{name}", files_of(with_schema=True)[name])


def test_same_input_same_bytes() -> None:
    """Nothing of the time or the machine is in a file, and each is sealed."""
    assert files_of() == files_of()
    assert all(is_untouched(text) for text in files_of().values())


def test_an_entity_without_patterns_has_a_python_file_alone() -> None:
    """SQL is for patterns."""
    assert list(files_of(make_entity("note", Field(name="text", type=FieldType.TEXT)))) == [
        "note_benchmark.py"
    ]


def test_every_entity_has_files_of_its_own() -> None:
    """Several in one call."""
    machine = make_machine(("confirm", "pending", "confirmed"))
    assert list(files_of(make_entity("a", machine=machine), make_entity("b"))) == [
        "a_state_machine_performance.sql",
        "a_benchmark.py",
        "b_benchmark.py",
    ]


def test_sql_stays_within_its_width() -> None:
    """But for what the author wrote in one piece."""
    for name, text in files_of(with_schema=True).items():
        assert [line for line in text.splitlines() if len(line) > 110 and "sha256" not in line] == [], name


@pytest.mark.parametrize(
    "name", ["order", 'say "yes"', "it's", "a\\b\n", "x" * 63, '"""', "'\"'\"", "[a-z]*"]
)
@pytest.mark.parametrize("width", ["88", "100"])
def test_ruff_has_nothing_to_say(name: str, width: str, tmp_path: Path) -> None:
    """Whatever the entity and its document are called."""
    machine = make_machine(("confirm", "pending", "confirmed"))
    origin = replace(ORIGIN, paths=(f"../{name}.yaml",))
    texts = files_of(make_entity(name.strip(), machine=machine), origin=origin)
    path = tmp_path / "made.py"
    path.write_text(next(text for file, text in texts.items() if file.endswith(".py")), encoding="utf-8")
    for words in (["format", "--check", "--line-length", width], ["check"]):
        ruff = [sys.executable, "-m", "ruff", words[0], "--isolated", "--no-cache", *words[1:], str(path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_says_what_does_not_hold() -> None:
    """Limits that are violated, operations that never worked; nothing else fails."""
    module: dict[str, Any] = {}
    exec(compile(files_of()["order_benchmark.py"], "order_benchmark.py", "exec"), module)  # noqa: S102 - ours
    limit = make_requirement(Metric.MEAN, MS, subject="single_order_confirm")
    held = make_judged([make_summary([MS] * 10)], [limit])
    violated = make_judged([make_summary([3 * MS] * 10)], [limit])
    nothing = make_judged([make_summary([])], [], incomplete="the server was lost")
    assert module["problems"](held) == []
    assert module["problems"](violated) == ["single_order_confirm: mean violates its limit"]
    assert module["problems"](nothing) == [
        "single_order_confirm: no attempt was ok",
        "the run ended early: the server was lost",
    ]


def test_excluded_operations_are_in_no_file() -> None:
    """Neither as a benchmark nor in what the script runs."""
    texts = files_of(excludes=("*_ship",))
    assert "single_order_ship" not in texts["order_state_machine_performance.sql"]
    assert 'EXCLUDES: list[str] = [\n    "*_ship",\n]\n' in texts["order_benchmark.py"]


def test_tables_are_where_the_document_says() -> None:
    """On the server's own search path behind that."""
    text = files_of(schemas={"order": 'the "shop"'})["order_validation_performance.sql"]
    quoted = '\'"the ""shop""", \''
    assert f"set_config('search_path', {quoted} || current_setting('search_path'), true)" in text

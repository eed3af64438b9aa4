"""What a command line says about scripts, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.pgbench_scenario import with_scripts
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.errors import SpecError, UsageError
from perfengine.model.scenario import Scenario
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Mode
from perfengine.pgbench.asked import AskedScripts
from perfengine.pgbench.places import position_of
from perfengine.pgbench.read import read_scripts

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.plan import Plan


def plan_of(asked: AskedScripts) -> Plan:
    """Return the plan of scripts alone."""
    scenario = with_scripts(Scenario(entities=()), read_scripts(asked), RunRequest())
    return compile_scenario(scenario, LoadSettings(concurrency=2))


def test_scripts_are_a_mix_by_weight(tmp_path: Path) -> None:
    """The same one twice has two names; what weighs nothing does not run, and that is said."""
    path = tmp_path / "own@2.sql"
    path.write_text("\\set a 1\nSELECT :a;\n")
    asked = AskedScripts(files=(f"{path}@1", f"{path}@3", f"{path}@0"), builtins=("select@6",))
    plan = plan_of(asked)
    assert plan.mode is Mode.MIX
    assert {one.operation.name: one.weight for one in plan.operations} == {
        "own@2": 1, "own@2_2": 3, "select-only": 6,
    }  # fmt: skip
    assert read_scripts(asked).notes == (f"{path} weighs 0: it does not run",)


def test_tables_are_made_where_a_script_names_one(tmp_path: Path) -> None:
    """At the scale that is asked for, from 20000 on with wide keys; else none."""
    path = tmp_path / "own.sql"
    path.write_text("SELECT 1;\n")
    assert not plan_of(AskedScripts(files=(str(path),))).setup
    plan = plan_of(AskedScripts(builtins=("tpcb-like",), scale=7))
    assert any("generate_series(1, 700000)" in statement for statement in plan.setup)
    assert len(plan.phases) == 1
    plan = plan_of(AskedScripts(builtins=("tpcb-like",), definitions=("scale=20000",)))
    assert any("aid bigint NOT NULL" in statement for statement in plan.setup)


def test_a_scale_that_nothing_reads_is_said(tmp_path: Path) -> None:
    """Whatever files and other variables are called: a path with "scale" in it passed for a reader."""
    path = tmp_path / "upscaled.sql"
    asked = AskedScripts(files=(str(path),), scale=7)
    path.write_text("\\set scale_of 1\nSELECT :scale_of;\n")
    assert read_scripts(asked).notes == ("--scale 7: no script names a pgbench table or :scale",)
    for script in ("\\if :scale > 1\nSELECT 1;\n\\endif\n", "\\sleep :scale ms\n", "SELECT :scale;\n"):
        path.write_text(script)
        assert not read_scripts(asked).notes


def test_an_alone_script_never_repeats_its_values() -> None:
    """Every round has attempts of its own, as pgbench draws anew for ever."""
    (phase,) = plan_of(AskedScripts(builtins=("select-only",))).phases
    assert not phase.repeats


def test_tries_are_retries_and_one() -> None:
    """As pgbench counts: --max-tries 1 is no retry."""
    for tries in (1, 5):
        (item,) = plan_of(AskedScripts(builtins=("tpcb-like",), max_tries=tries)).operations
        assert item.operation.transaction is not None
        assert item.operation.transaction.retry.max_retries == tries - 1


def test_wrong_words_are_said_together(tmp_path: Path) -> None:
    """Each in a line."""
    latin = tmp_path / "latin.sql"
    latin.write_bytes(b"SELECT '\xe9';")
    asked = AskedScripts(
        files=("nowhere.sql", str(latin), f"{latin}@many", "@3"),
        builtins=("s", "tpcb@-1", "tpcb@" + "9" * 5000, "slect-only"),
        definitions=("a", "1=2", "scale=3"),
        scale=2,
    )
    with pytest.raises(UsageError) as caught:
        read_scripts(asked)
    assert str(caught.value).splitlines() == [
        '-D a: write name=value; a name has letters, digits and "_"',
        '-D 1=2: write name=value; a name has letters, digits and "_"',
        "-D scale=3: --scale 2 says it already",
        "nowhere.sql: cannot be read: No such file or directory",
        f"{latin}: byte 9 is no UTF-8: a script is text",
        f"{latin}@many: a weight is a whole number from 0 to 2147483647",
        f"{latin}: byte 9 is no UTF-8: a script is text",
        "@3: cannot be read: Is a directory",
        '-b s: several built-in scripts begin with "s": one of: tpcb-like, simple-update, select-only',
        "tpcb@-1: a weight is a whole number from 0 to 2147483647",
        f"tpcb@{'9' * 5000}: a weight is a whole number from 0 to 2147483647",
        (
            '-b slect-only: no built-in script is called or begins with "slect-only": one of: tpcb-like, '
            'simple-update, select-only; did you mean "select-only"?'
        ),
    ]


def test_only_weights_of_nothing_are_refused() -> None:
    """There is nothing to run."""
    with pytest.raises(UsageError, match="every script weighs 0"):
        read_scripts(AskedScripts(builtins=("tpcb-like@0",)))


def test_scripts_do_not_run_on_existing_tables() -> None:
    """They would make tables there, and leave rows."""
    request = RunRequest(target=TargetRequest(dsn="postgresql:///nowhere", existing=True))
    scripts = read_scripts(AskedScripts(builtins=("tpcb-like",)))
    with pytest.raises(UsageError, match="pgbench scripts run in the sandbox"):
        with_scripts(Scenario(entities=()), scripts, request)


def test_mistakes_of_all_scripts_come_together(tmp_path: Path) -> None:
    """In the order of the files; a value that cannot be made is one of them."""
    first, second = tmp_path / "first.sql", tmp_path / "second.sql"
    first.write_text("SELECT :x;\n")
    second.write_text("\\set y 1 +\n")
    with pytest.raises(SpecError) as caught:
        read_scripts(AskedScripts(files=(str(second), str(first))))
    assert [one.position.path for one in caught.value.mistakes] == [str(second), str(first)]
    second.write_text("\\set y random(2, 1)\nSELECT :y;\n")
    with pytest.raises(UsageError, match=r"second.sql:1:1: \\set y: random has an empty range"):
        read_scripts(AskedScripts(files=(str(second),)))


def test_a_place_in_a_sent_statement_is_one_in_the_script(tmp_path: Path) -> None:
    """Whatever is longer or shorter before it."""
    path = tmp_path / "own.sql"
    path.write_text("\\set wide 1\nSELECT 1;\n  SELECT :wide,\n :wide FROM nowhere;\n")
    (operation,) = read_scripts(AskedScripts(files=(str(path),))).operations
    statement = operation.written[1]
    assert statement.sql == "SELECT $1,\n $2 FROM nowhere"
    at = position_of(statement, statement.sql.index("nowhere"))
    assert (at.line, at.column, at.source) == (4, 13, " :wide FROM nowhere;")
    at = position_of(statement, statement.sql.index("$2"))
    assert (at.line, at.column) == (4, 2)


def test_a_byte_that_is_zero_is_no_text(tmp_path: Path) -> None:
    """A script in UTF-16 came as far as the server, which answered that its message was too short."""
    path = tmp_path / "wide.sql"
    path.write_bytes("ü;SELECT 1;".encode()[:3] + b"\0S\0")
    with pytest.raises(UsageError, match=r"wide\.sql: byte 4 is zero: a script is text in UTF-8"):
        read_scripts(AskedScripts(files=(str(path),)))

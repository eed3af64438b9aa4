"""Every command in README.md and docs/ runs, in the order of its page, then its Python; every YAML block reads."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.spec.documents import DocumentText
from perfengine.spec.read import read_scenario
from tests.docs.pages import PAGES, ROOT, blocks, commands, files, scripts
from tests.forked import Ended

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forked import Forker

#: The address that stands in documentation for the reader's own server.
_EXAMPLE_DSN = re.compile(r"postgresql://\S+@localhost[^\s\"]*")

#: What some commands get at their end, where it wins over the page: how long they take matters to nobody.
_SHORTER = {
    "ab": ["--warmup", "200ms", "--slice", "50ms", "--slices", "2", "--pairs", "4", "--max-pairs", "4"],
    "calibrate": ["--seconds", "1"],
}
#: Limits that a stall of the machine breaks, a thousand times as wide: whether they are kept matters to nobody here;
#: and no arrival is dropped or given up meanwhile.
_UNHURRIED = (
    (re.compile(r"(\b(?:target_mean|(?:target_)?p\d+)\"?: \"?\d+)ms\b"), r"\1s"),
    (re.compile(r"\b(max_in_flight: \d+)\b"), r"\g<1>000"),
    (re.compile(r"\b(statement_timeout: \d+)s\b"), r"\1min"),
)
#: A test runs it to its end: tests/integration/cli/test_order.py.
_IN_FULL_ELSEWHERE = ["run", "scenarios/order.yaml", "--concurrency", "50"]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "yaml")], ids=lambda p: p.name)
def test_yaml_blocks_read(page: Path) -> None:
    """Each block is a document by itself."""
    for number, text in enumerate(blocks(page, "yaml"), start=1):
        document = DocumentText(path=f"{page.name} block {number}", data=text.encode())
        read_scenario([document], need_entity=False)


def _first_of_each() -> frozenset[tuple[Path, int]]:
    """Return page and number of the first command of each name."""
    first: dict[str, tuple[Path, int]] = {}
    for page in PAGES:
        for number, words in enumerate(commands(page)):
            first.setdefault(words[1], (page, number))
    return frozenset(first.values())


#: Of each name one command starts Python, as a reader's do; the others are forked, which is a second less.
_STARTED = _first_of_each()


#: What a page speaks of and none of its commands makes: a baseline that is always held.
_GIVEN = {"python.md": {"baseline.json": '{"baselines": {"order_query": {"mean": 60}}}'}}


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "page", [p for p in PAGES if commands(p) or blocks(p, "python")], ids=lambda p: p.name
)
def test_commands_run(page: Path, tmp_path: Path, dsn: str, forking: Forker) -> None:
    """Each command ends with 0, or with 4 where a busy machine leaves limits unproven.

    `scenarios/` and the files of the page are at hand. Commands that name no server find one in the environment,
    which is quicker than to start one for each. What takes long by its nature is made shorter, and limits are wider.
    """
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    for name, text in {**files(page), **_GIVEN.get(page.name, {})}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    _unhurry(tmp_path, "*.yaml", "scenarios/*.py")
    for script in scripts(page):
        asyncio.run(_execute(dsn, (tmp_path / script).read_text(encoding="utf-8")))
    for number, command in enumerate(commands(page)):
        words = [_EXAMPLE_DSN.sub(lambda _: dsn, word) for word in command[1:]]
        words += _shorter(words)
        run = _start if (page, number) in _STARTED else forking.run
        done = run(words, tmp_path, _environment(tmp_path, dsn))
        assert done.code in {0, 4}, f"{shlex.join(command)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        if words[0] == "init":
            _unhurry(tmp_path, "*.yaml")
    for number, text in enumerate(blocks(page, "python")):
        _run_python(text, number, tmp_path, dsn)


def _unhurry(directory: Path, *patterns: str) -> None:
    """Widen the limits of files below a directory."""
    for path in (found for pattern in patterns for found in directory.rglob(pattern)):
        path.write_text(_unhurried(path.read_text(encoding="utf-8")), encoding="utf-8")


def _unhurried(text: str) -> str:
    for limit, wider in _UNHURRIED:
        text = limit.sub(wider, text)
    return text


def _run_python(text: str, number: int, directory: Path, dsn: str) -> None:
    """Run a block as a file: what holds tests with pytest, the rest as a program."""
    file = directory / f"test_example_{number}.py"
    shorter = re.sub(r'duration="[^"]*"', 'duration="500ms"', _EXAMPLE_DSN.sub(dsn, text))
    file.write_text(_unhurried(shorter), encoding="utf-8")
    runner = ["-m", "pytest", "-q"] if "\ndef test_" in text else []
    done = _start_python([*runner, file.name], directory, _environment(directory, dsn))
    assert done.code == 0, f"{text}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"


def _shorter(words: list[str]) -> list[str]:
    """Return the options that make a command take a second or two."""
    if words == _IN_FULL_ELSEWHERE:
        return ["--iterations", "100"]
    if "--duration" in words:
        return ["--duration", "500ms", *(["--warmup", "200ms"] if words[0] == "run" else [])]
    return _SHORTER.get(words[0], [])


def _start(words: list[str], directory: Path, environment: dict[str, str]) -> Ended:
    """Return how the command ended, from the start of Python on."""
    return _start_python(["-m", "perfengine", *words], directory, environment)


def _start_python(words: list[str], directory: Path, environment: dict[str, str]) -> Ended:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


async def _execute(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _environment(home: Path, dsn: str) -> dict[str, str]:
    """Return our environment without a server of ours, and with places to write to that are the test's."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("PG") and "PERFENGINE" not in k}
    return {**ours, "PERFENGINE_DATABASE_URL": dsn, "XDG_STATE_HOME": str(home / "state")}

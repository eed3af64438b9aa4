"""Every command in README.md and docs/ runs, in the order of its page; every YAML block reads."""

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

if TYPE_CHECKING:
    from pathlib import Path

#: The address that stands in documentation for the reader's own server.
_EXAMPLE_DSN = re.compile(r"postgresql://\S+@localhost\S*")

_SHORT_COMPARISON = ["--slice", "100ms", "--slices", "2", "--pairs", "4", "--max-pairs", "4"]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "yaml")], ids=lambda p: p.name)
def test_yaml_blocks_read(page: Path) -> None:
    """Each block is a document by itself."""
    for number, text in enumerate(blocks(page, "yaml"), start=1):
        document = DocumentText(path=f"{page.name} block {number}", data=text.encode())
        read_scenario([document], need_entity=False)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", [p for p in PAGES if commands(p)], ids=lambda p: p.name)
def test_commands_run(page: Path, tmp_path: Path, dsn: str) -> None:
    """Each command ends with 0, or with 4 where a busy machine leaves limits unproven.

    `scenarios/` and the files of the page are at hand. Commands that name no server find one in the environment,
    which is quicker than to start one for each. Comparisons take minutes by their nature: here they get short slices.
    """
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    for name, text in files(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for script in scripts(page):
        asyncio.run(_execute(dsn, (tmp_path / script).read_text(encoding="utf-8")))
    for command in commands(page):
        words = [_EXAMPLE_DSN.sub(lambda _: dsn, word) for word in command[1:]]
        if words[0] == "ab":
            words += _SHORT_COMPARISON
        done = subprocess.run(
            [sys.executable, "-m", "perfengine", *words],
            cwd=tmp_path,
            env=_environment(tmp_path, dsn),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode in {0, 4}, f"{shlex.join(command)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"


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

"""Every command in README.md and docs/ runs, in the order of its page; every YAML block reads."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfengine.spec.documents import DocumentText
from perfengine.spec.read import read_scenario

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The address that stands in documentation for the reader's own server.
_EXAMPLE_DSN = re.compile(r"postgresql://\S+@localhost\S*")


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in that language."""
    return [text for found, text in _BLOCK.findall(page.read_text()) if found == language]


def commands(page: Path) -> list[list[str]]:
    """Return the `perfengine` commands of a page, as a shell would split them; comments left out."""
    lines = [line for text in blocks(page, "sh") for line in text.replace("\\\n", " ").splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("perfengine ")]


def test_pages_link_to_files_that_exist() -> None:
    """No relative link leads nowhere."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "yaml")], ids=lambda p: p.name)
def test_yaml_blocks_read(page: Path) -> None:
    """Each block is a document, or a part of one that says which with its first comment line."""
    for number, text in enumerate(blocks(page, "yaml"), start=1):
        document = DocumentText(path=f"{page.name} block {number}", data=text.encode())
        read_scenario([document], need_entity=False)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", [p for p in PAGES if commands(p)], ids=lambda p: p.name)
def test_commands_run(page: Path, tmp_path: Path, dsn: str) -> None:
    """Each command ends with 0, or with 4 where a busy machine leaves limits unproven; `scenarios/` is at hand."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG") and "DATABASE_URL" not in k}
    for command in commands(page):
        words = [_EXAMPLE_DSN.sub(lambda _: dsn, word) for word in command[1:]]
        done = subprocess.run(
            [sys.executable, "-m", "perfengine", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode in {0, 4}, f"{shlex.join(command)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"

"""The commit of a workload, in every shape in which git writes it down."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.commit import commit_of
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = "1" * 40, "a" * 64
TREE = {"work/entities/order.yaml": "name: order"}


def commit(tmp_path: Path, files: dict[str, str]) -> str | None:
    """Return the commit of the workload, with these files beside it."""
    return commit_of(plant(tmp_path, {**TREE, **files}) / "work/entities/order.yaml")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"HEAD": f"{ONE}\n"}, ONE),
        ({"HEAD": f"{OTHER}\n"}, OTHER),
        ({"HEAD": "ref: refs/heads/main\n", "refs/heads/main": f"{ONE}\n"}, ONE),
        (
            {
                "HEAD": "ref: refs/heads/a/b\n",
                "packed-refs": f"# pack-refs\n{ONE} refs/heads/a/b\n^{OTHER}\n",
            },
            ONE,
        ),
        (
            {
                "HEAD": "ref: refs/heads/main\n",
                "refs/heads/main": f"{ONE}\n",
                "packed-refs": f"{OTHER} refs/heads/main\n",
            },
            ONE,
        ),
        ({"HEAD": "ref: refs/heads/a\n", "refs/heads/a": "ref: refs/heads/b\n", "refs/heads/b": ONE}, ONE),
        ({"HEAD": "ref: refs/heads/main\n"}, None),
        ({"HEAD": "ref: HEAD\n"}, None),
        ({"HEAD": "ref: ../../order.yaml\n"}, None),
        ({"HEAD": "nonsense\n"}, None),
    ],
    ids=[
        *("detached", "sha256", "branch", "packed", "newer than packed", "by way of another"),
        *("unborn", "circle", "no reference", "nonsense"),
    ],
)
def test_a_repository(tmp_path: Path, files: dict[str, str], found: str | None) -> None:
    """Files of git are read; what is no hash is none."""
    assert commit(tmp_path, {f"work/.git/{name}": text for name, text in files.items()}) == found


def test_a_second_working_tree(tmp_path: Path) -> None:
    """Its HEAD is its own, its branches are those of the first."""
    files = {
        "work/.git": f"gitdir: {tmp_path}/first/.git/worktrees/second\n",
        "first/.git/worktrees/second/HEAD": "ref: refs/heads/side\n",
        "first/.git/worktrees/second/commondir": "../..\n",
        "first/.git/HEAD": OTHER,
        "first/.git/refs/heads/side": ONE,
    }
    assert commit(tmp_path, files) == ONE


def test_outside_of_a_repository(tmp_path: Path) -> None:
    """There is no commit; neither is there one of a file that is not there."""
    if not any((folder / ".git").exists() for folder in tmp_path.parents):
        assert commit(tmp_path, {}) is None
    assert commit_of(tmp_path / "none.yaml") is None


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_git_itself_made(tmp_path: Path) -> None:
    """The same hash that git says; of branches in a file of its own kind git is asked."""
    path = plant(tmp_path, TREE) / "work/entities/order.yaml"
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environ = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, **names}

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=path.parent, env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("-c", "commit.gpgsign=false", "commit", "-q", "-m", "x")
    assert commit_of(path) == git("rev-parse", "HEAD")
    (path.parent / ".git/reftable").mkdir()
    assert commit_of(path) == git("rev-parse", "HEAD")

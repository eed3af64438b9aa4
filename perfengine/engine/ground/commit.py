"""The commit that a workload was checked out at, read as git wrote it down."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from perfengine.engine.ground.files import text_of

if TYPE_CHECKING:
    from pathlib import Path

_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
#: How long git itself may take where its files are not plain ones.
_GIT_TIMEOUT_S: Final = 2.0
_MOST_REFERENCES: Final = 5


def commit_of(path: Path) -> str | None:
    """Return the commit of the working tree that a file lies in; None outside of one, or before its first commit.

    Whether the file has changed since is not looked at.
    """
    try:
        folder = path.resolve(strict=True).parent
        git = _git_folder(folder)
        if git is None:
            return None
        common = git / (text_of(git / "commondir") or ".")  # of a second working tree: that of the first
        if (common / "reftable").is_dir():
            return _asked(folder)
        return _resolved("HEAD", git, common)
    except (OSError, ValueError, RuntimeError):  # a path that is none, links that go round in a circle
        return None


def _git_folder(folder: Path) -> Path | None:
    for each in (folder, *folder.parents):
        git = each / ".git"
        if git.is_dir():
            return git
        if (said := text_of(git)) and said.startswith("gitdir: "):
            return each / said.removeprefix("gitdir: ")
    return None


def _resolved(name: str, git: Path, common: Path) -> str | None:
    """Return the hash that a reference stands for, by way of others."""
    for _ in range(_MOST_REFERENCES):
        text = text_of(git / name) or text_of(common / name) or _packed(name, common)
        if text is None or not text.startswith("ref: "):
            return text if text and _HASH.fullmatch(text) else None
        name = text.removeprefix("ref: ")
    return None


def _packed(name: str, common: Path) -> str | None:
    for line in (text_of(common / "packed-refs") or "").splitlines():
        found, _, known = line.partition(" ")
        if known == name:
            return found
    return None


def _asked(folder: Path) -> str | None:
    """Return what git says; None without git, or where it does not answer in time."""
    git = shutil.which("git")
    if git is None:
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - git, and a folder that was resolved
            [git, "-C", str(folder), "rev-parse", "HEAD"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_GIT_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = done.stdout.strip()
    return found if done.returncode == 0 and _HASH.fullmatch(found) else None

"""What a run tells the CI service that it runs in, beyond its files: annotations and the job's summary, on GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.report.github import annotation_lines
from perfengine.report.markdown import render_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.result import RunResult

#: A step's summary that is larger is thrown away, all of it.
MOST_SUMMARY_BYTES: Final = 1024 * 1024


def ci_outputs(result: RunResult, environ: Mapping[str, str], *, strict: bool = False) -> list[str]:
    """Append the report to the summary of the job, and return the lines that the job's log must show.

    Elsewhere than in GitHub Actions nothing is done. A summary that cannot be written is one of the lines.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    root = Path(environ.get("GITHUB_WORKSPACE") or ".")
    lines = annotation_lines(result, lambda path: _name_below(root, path), strict=strict)
    summary = environ.get("GITHUB_STEP_SUMMARY")
    return [*lines, *(_append(Path(summary), render_markdown(result)) if summary else [])]


def _name_below(root: Path, path: str) -> str | None:
    """Return the name of a file in the repository, None for what is none."""
    try:
        found = Path(path).resolve(strict=True)
        return found.relative_to(root.resolve()).as_posix() if found.is_file() else None
    except (OSError, ValueError):  # no such file, a name that none can have, or one outside
        return None


def _append(summary: Path, text: str) -> list[str]:
    data = text.encode()
    try:
        with summary.open("ab") as file:
            if file.tell() + len(data) > MOST_SUMMARY_BYTES:
                return [f"note: {summary} is full, the summary of this run is not in it"]
            file.write(data)
    except OSError as error:
        return [f"note: {summary} cannot be written: {error.strerror}"]
    return []

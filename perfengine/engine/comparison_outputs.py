"""A comparison's files, by their endings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from perfengine.engine.whole_file import why_unwritable, write_whole
from perfengine.errors import UsageError
from perfengine.report.comparison_json import render_comparison_json
from perfengine.report.comparison_junit import render_comparison_junit
from perfengine.report.comparison_markdown import render_comparison_markdown
from perfengine.report.comparison_text import render_comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from perfengine.model.compared import ComparisonResult

comparison_json = render_comparison_json


def _renderers(*, strict: bool) -> Mapping[str, Callable[[ComparisonResult], bytes]]:
    return {
        ".json": render_comparison_json,
        ".txt": lambda comparison: render_comparison(comparison).encode(),
        ".xml": partial(render_comparison_junit, strict=strict),
        ".md": lambda comparison: render_comparison_markdown(comparison).encode(),
    }


COMPARISON_ENDINGS = tuple(_renderers(strict=False))


def comparison_paths(reports: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to write, each once. Raises: UsageError for an ending or a place that cannot be."""
    for path in reports:
        if path.suffix not in COMPARISON_ENDINGS:
            raise UsageError(f"--report {path}: unknown ending; one of: {', '.join(COMPARISON_ENDINGS)}")
        if why := why_unwritable(path):
            raise UsageError(f"--report {path}: cannot be written: {why}")
    return tuple(dict.fromkeys(reports))


def write_comparison(
    comparison: ComparisonResult, paths: Sequence[Path], *, strict: bool = False
) -> list[Path]:
    """Write every file and return their paths. Raises: UsageError naming a file that cannot be written."""
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _renderers(strict=strict)[path.suffix](comparison), mode=0o644)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return list(paths)

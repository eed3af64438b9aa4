"""Result files: which are asked for, and writing them whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.engine.whole_file import write_whole
from perfengine.errors import PerfengineError, UsageError
from perfengine.metrics.hdr_codec import encode
from perfengine.report.benchmark_action import render_bigger_is_better, render_smaller_is_better
from perfengine.report.gitlab import render_openmetrics
from perfengine.report.junit import render_junit
from perfengine.report.markdown import render_markdown
from perfengine.report.result_json import render_json
from perfengine.report.text import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.scenario import Scenario

RESULTS_DIRECTORY = Path("perf-results")
_DEFAULT_JSON = "performance-results.json"


def json_of(result: RunResult) -> bytes:
    """Return the result document."""
    return render_json(result, encode)


def _renderers(*, strict: bool) -> Mapping[str, Callable[[RunResult], bytes]]:
    """Return what `--report` can render, by the ending of the file."""
    return {
        ".json": json_of,
        ".txt": lambda result: render_text(result).encode(),
        ".xml": partial(render_junit, strict=strict),
        ".md": lambda result: render_markdown(result).encode(),
        ".prom": render_openmetrics,
        ".smaller.json": render_smaller_is_better,
        ".bigger.json": render_bigger_is_better,
    }


REPORT_ENDINGS = tuple(_renderers(strict=False))


def _ending_of(path: Path) -> str | None:
    """Return the longest ending that fits, None where none does."""
    fitting = (ending for ending in REPORT_ENDINGS if path.name.endswith(ending) and path.name != ending)
    return max(fitting, key=len, default=None)


def output_paths(scenario: Scenario, reports: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to write: those of `--report`, and those that the scenario's `reports:` ask for.

    Raises: UsageError for an ending that cannot be rendered, or a path of the scenario that leads out of the
    results directory or is no name of a JSON file.
    """
    for path in reports:
        if _ending_of(path) is None:
            raise UsageError(f"--report {path}: unknown ending; one of: {', '.join(REPORT_ENDINGS)}")
    return tuple(dict.fromkeys([*reports, *_asked_by(scenario)]))


def _asked_by(scenario: Scenario) -> Iterable[Path]:
    for item in scenario.entities:
        for report in item.performance.reports:
            if report.format == "json":
                path = RESULTS_DIRECTORY / (report.path or _DEFAULT_JSON)
                if not path.resolve().is_relative_to(RESULTS_DIRECTORY.resolve()):
                    raise UsageError(f'report path "{report.path}" leads out of {RESULTS_DIRECTORY}')
                if _ending_of(path) != ".json":
                    raise UsageError(f'report path "{report.path}": the name of a JSON report ends in .json')
                yield path


def write_outputs(result: RunResult, paths: Iterable[Path], *, strict: bool = False) -> list[Path]:
    """Write every file and return their paths. Raises: PerfengineError naming a file that cannot be written."""
    renderers, written = _renderers(strict=strict), []
    for path in paths:
        _write(path, renderers[_ending_of(path) or ".json"](result))
        written.append(path)
    return written


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=0o644)
    except OSError as error:
        raise PerfengineError(f"{path} cannot be written: {error.strerror}") from error

"""Result files: which are asked for, and writing them whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.errors import PerfengineError, UsageError
from perfengine.metrics.hdr_codec import encode
from perfengine.report.result_json import render_json
from perfengine.report.text import render_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.scenario import Scenario

RESULTS_DIRECTORY = Path("perf-results")
_DEFAULT_JSON = "performance-results.json"
#: File endings that `--report` can render.
REPORT_ENDINGS = (".json", ".txt")


def json_of(result: RunResult) -> bytes:
    """Return the result document."""
    return render_json(result, encode)


def output_paths(scenario: Scenario, reports: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to write: those of `--report`, and those that the scenario's `reports:` ask for.

    Raises: UsageError for an ending that cannot be rendered, or a path of the scenario that leads out of the
    results directory.
    """
    for path in reports:
        if path.suffix not in REPORT_ENDINGS:
            raise UsageError(f"--report {path}: unknown ending; one of: {', '.join(REPORT_ENDINGS)}")
    return tuple(dict.fromkeys([*reports, *_asked_by(scenario)]))


def _asked_by(scenario: Scenario) -> Iterable[Path]:
    for item in scenario.entities:
        for report in item.performance.reports:
            if report.format == "json":
                path = RESULTS_DIRECTORY / (report.path or _DEFAULT_JSON)
                if not path.resolve().is_relative_to(RESULTS_DIRECTORY.resolve()):
                    raise UsageError(f'report path "{report.path}" leads out of {RESULTS_DIRECTORY}')
                yield path


def write_outputs(result: RunResult, paths: Iterable[Path]) -> list[Path]:
    """Write every file and return their paths. Raises: PerfengineError naming a file that cannot be written."""
    written = []
    for path in paths:
        text = json_of(result) if path.suffix == ".json" else render_text(result).encode()
        _write_whole(path, text)
        written.append(path)
    return written


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the place and move it there: a reader never sees half a result."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PerfengineError(f"{path} cannot be written: {error.strerror}") from error

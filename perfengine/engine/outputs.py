"""Result files: which are asked for, and writing them whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.engine.formats import FORMATS, Written, files_of, format_of
from perfengine.engine.whole_file import why_unwritable, write_whole
from perfengine.errors import PerfengineError, SpecError, UsageError
from perfengine.metrics.hdr_codec import decode, encode
from perfengine.report.html.options import HTML_OPTIONS, HtmlOptions
from perfengine.report.result_json import document_text, render_json, result_document
from perfengine.stored.whole.result import read_whole_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.scenario import ReportRequest, Scenario

RESULTS_DIRECTORY = Path("perf-results")
#: Formats that `reports:` can ask for, with the file of one that names none.
_ASKED = {
    "json": "performance-results.json",
    "html": "performance-report.html",
    "junit": "performance-results.xml",
    "markdown": "performance-results.md",
    "csv": "performance-results.csv",
    "hlog": "performance-results.hlog",
}

REPORT_ENDINGS = tuple(form.ending for form in FORMATS)


def json_of(result: RunResult) -> bytes:
    """Return the result document."""
    return render_json(result, encode)


def as_written(result: RunResult, *, strict: bool = False) -> Written:
    """Return the result as its document has it, with the run that comes out of that.

    A document of ours that cannot be read back is our own mistake: the reports are made of the run itself then, and
    say so, for what was measured must not be lost.
    """
    text = document_text(result_document(result, encode))
    try:
        document, read = read_whole_document(text.decode(), "the result", decode)
    except SpecError as error:
        note = f"perfengine cannot read its own result, please report it: {error.mistakes[0].message}"
        document, read = json.loads(text), replace(result, notes=(*result.notes, note))
    written = Written(document=document, result=read, strict=strict)
    vars(written)["text"] = text  # what the property would make of the document once more
    return written


def output_paths(scenario: Scenario, reports: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to write: those of `--report`, and those that the scenario's `reports:` ask for.

    Raises: UsageError for an ending that cannot be rendered, a place where no file can be written, or a path of the
    scenario that leads out of the results directory or has another ending than its format.
    """
    return tuple(dict.fromkeys([*report_paths(reports), *_asked_by(scenario)]))


def report_paths(reports: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of `--report`, each once. Raises: UsageError for an ending or a place that cannot be."""
    for path in reports:
        if format_of(path) is None:
            raise UsageError(f"--report {path}: unknown ending; one of: {', '.join(REPORT_ENDINGS)}")
        if why := why_unwritable(path):
            raise UsageError(f"--report {path}: cannot be written: {why}")
    return tuple(dict.fromkeys(reports))


def html_options(scenario: Scenario) -> Mapping[Path, HtmlOptions]:
    """Return what the scenario's `reports:` want in each page that they ask for."""
    return {
        path: HtmlOptions(**{name: on for name, on in report.options.items() if name in HTML_OPTIONS})
        for path, report in _requests(scenario)
        if report.format == "html"
    }


def _asked_by(scenario: Scenario) -> Iterable[Path]:
    return (path for path, _ in _requests(scenario))


def _requests(scenario: Scenario) -> Iterable[tuple[Path, ReportRequest]]:
    for item in scenario.entities:
        for report in item.performance.reports:
            yield _path_of(report), report


def _path_of(report: ReportRequest) -> Path:
    path = RESULTS_DIRECTORY / (report.path or _ASKED[report.format])
    if not path.resolve().is_relative_to(RESULTS_DIRECTORY.resolve()):
        raise UsageError(f'report path "{report.path}" leads out of {RESULTS_DIRECTORY}')
    form = format_of(path)
    if form is None or form.word != report.format:
        ending = next(form.ending for form in FORMATS if form.word == report.format)
        raise UsageError(
            f'report path "{report.path}": the name of a report in {report.format} ends in {ending}'
        )
    return path


def write_outputs(
    result: RunResult,
    paths: Iterable[Path],
    *,
    strict: bool = False,
    html: Mapping[Path, HtmlOptions] | None = None,
) -> list[Path]:
    """Write every file of a run and return their paths. Raises: PerfengineError as `write_reports`."""
    return write_reports(as_written(result, strict=strict), paths, html)


def write_reports(
    written: Written, paths: Iterable[Path], html: Mapping[Path, HtmlOptions] | None = None
) -> list[Path]:
    """Write every file, the document first, and return their paths. `html` is what single pages shall hold.

    Raises: PerfengineError naming the files that cannot be written, when all others are.
    """
    done, failed = [], []
    for path in sorted(paths, key=lambda path: path.suffix != ".json"):
        options = (html or {}).get(path)
        wanted = written if options is None else replace(written, html=options)
        for file, data in files_of(path, wanted):
            if why := _write(file, data):
                failed.append(f"{file} cannot be written: {why}")
            else:
                done.append(file)
    if failed:
        raise PerfengineError("\n".join(failed))
    return done


def _write(path: Path, data: bytes) -> str | None:
    """Write a file whole; return why that cannot be done, None when it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=0o644)
    except OSError as error:
        return error.strerror or str(error)
    return None

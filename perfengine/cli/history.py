"""`perfengine history`: the runs that were kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli.history_options import RESULTS, Results, say
from perfengine.cli.history_prune import prune
from perfengine.cli.streams import can_show_signs
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from perfengine.history.store import History
    from perfengine.model.kept_run import Figure

app = typer.Typer(
    no_args_is_help=True,
    help="The runs that were kept: list them, show one, follow a figure over time, remove old ones.",
    pretty_exceptions_enable=False,
)

Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="S", help="Its entities, as the list shows them.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, and nothing else there.")]


@app.command("list")
def list_(
    last: Annotated[
        int, typer.Option("--last", "-n", metavar="N", min=1, help="So many of the newest runs.")
    ] = 20,
    scenario: Scenario = None,
    as_json: AsJson = False,
    results: Results = RESULTS,
) -> None:
    """List the newest runs, the newest last; what may not be compared with the newest of its scenario is marked.

    Example: perfengine history list --last 50
    """
    from perfengine.engine.history import history_of, list_runs
    from perfengine.report.history_json import render_history_json
    from perfengine.report.history_text import render_history

    history = history_of(results)
    listed = list_runs(history, scenario=scenario, last=last)
    _print(render_history_json(listed) if as_json else render_history(listed), history)


@app.command("show")
def show(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="Its id or the beginning of it, its directory, or newest.", show_default=False
        ),
    ],
    as_json: AsJson = False,
    results: Results = RESULTS,
) -> None:
    """Show the summary of a run as it stood there after the run.

    Example: perfengine history show newest
    """
    from perfengine.engine.history import find_run, history_of
    from perfengine.engine.stored_reports import read_written
    from perfengine.report.result_json import document_text
    from perfengine.report.text import render_text

    history = history_of(results)
    path = find_run(history, run)
    written = read_written(path)
    text = (
        document_text(written.document).decode()
        if as_json
        else render_text(written.result, unicode=can_show_signs())
    )
    _print(text, history)


@app.command("trend")
def trend(
    operation: Annotated[
        str | None,
        typer.Option(
            "--operation", metavar="O", help="Default: all that the newest run has.", show_default=False
        ),
    ] = None,
    metric: Annotated[
        str,
        typer.Option(
            "--metric",
            metavar="M",
            help="mean, p50, p90, p95, p99, p99.9, min, max, throughput, error_rate, availability.",
        ),
    ] = "p95",
    scenario: Scenario = None,
    last: Annotated[
        int, typer.Option("--last", "-n", metavar="N", min=1, help="So many of the newest complete runs.")
    ] = 200,
    as_json: AsJson = False,
    results: Results = RESULTS,
) -> None:
    """Follow a figure from run to run, and say where its level changed. Default scenario: that of the newest run.

    Example: perfengine history trend --operation order_query --metric p99
    """
    from perfengine.engine.history import history_of, trends
    from perfengine.report.history_json import render_trends_json
    from perfengine.report.trend_text import render_trends

    history = history_of(results)
    found = trends(history, scenario=scenario, operation=operation, figures=(_figure(metric),), last=last)
    _print(render_trends_json(found) if as_json else render_trends(found, unicode=can_show_signs()), history)


@app.command("serve")
def serve(
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="N",
            min=0,
            max=65535,
            help="The port of 127.0.0.1. Default: one that is free.",
            show_default=False,
        ),
    ] = 0,
    results: Results = RESULTS,
) -> None:
    """Serve the runs as pages on this machine until Ctrl-C: all of them, the report of one, two side by side.

    Example: perfengine history serve --port 8090
    """
    from perfengine.web.history_server import serve_history

    serve_history(results, port, lambda address: typer.echo(f"history: {address} (Ctrl-C ends it)", err=True))


@app.command("rebuild")
def rebuild(results: Results = RESULTS) -> None:
    """Make the index anew from the directories of the runs.

    Example: perfengine history rebuild
    """
    from perfengine.engine.history import history_of

    history = history_of(results)
    count = history.rebuild()
    _print(f"{count} run{'' if count == 1 else 's'} in the index\n", history)


app.command("prune")(prune)


def _figure(word: str) -> Figure:
    from difflib import get_close_matches

    from perfengine.model.kept_run import Figure

    words = {"median": Figure.P50, "p999": Figure.P999, "requests_per_second": Figure.THROUGHPUT}
    words |= {figure.value: figure for figure in Figure}
    if word in words:
        return words[word]
    meant = get_close_matches(word, words, n=1)
    hint = f'; did you mean "{meant[0]}"?' if meant else ""
    raise UsageError(f"--metric {word}: no such metric{hint}\n   one of: {', '.join(Figure)}")


def _print(text: str, history: History) -> None:
    """Print the answer on stdout, and on stderr what was found out on the way."""
    sys.stdout.write(text)
    sys.stdout.flush()
    say(history.notes)

"""The pytest plugin: a fixture `perfengine`, two settings, and a section at the end about what was loaded.

pytest imports this file in every project of the environment: it imports nothing of ours before a test asks for the
fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.testing.runner import Perfengine

#: Under it a test carries what became of its runs: in its report, so also from a worker of pytest-xdist.
_PROPERTY: Final = "perfengine"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of pytest.ini, pyproject.toml and their like."""
    parser.addini("perfengine_dsn", "the server that the perfengine fixture loads", default="")
    parser.addini(
        "perfengine_embedded",
        "the perfengine fixture loads a private PostgreSQL, whatever the environment names",
        type="bool",
        default=False,
    )


@pytest.fixture
def perfengine(request: pytest.FixtureRequest) -> Perfengine:
    """Run scenarios and Python workloads, and fail the test for a limit that does not hold."""
    from perfengine.testing.runner import Perfengine  # noqa: PLC0415 - not in sessions without load tests

    config = request.config
    return Perfengine(
        root=config.rootpath,
        dsn=str(config.getini("perfengine_dsn")) or None,
        embedded=bool(config.getini("perfengine_embedded")),
        tell=lambda text: request.node.user_properties.append((_PROPERTY, text)),
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what became of each run, also where the test passed: a limit that is unproven should not go unseen."""
    told = list(_told(terminalreporter))
    if told:
        terminalreporter.section("perfengine")
    for line in told:
        terminalreporter.line(line)


def _told(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                texts = [text for name, text in report.user_properties if name == _PROPERTY]
                yield from (f"{report.nodeid}: {text}" for text in texts)

"""What every test may ask for: golden files, and the option that writes them again."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes a single example slow, and drawing it too; pytest-timeout watches the whole test instead. Each
# run has the same examples, so that a change is judged by what it changes; --hypothesis-profile=exploring has others,
# and ten times as many.
settings.register_profile(
    "perfengine",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "exploring", settings.get_profile("perfengine"), derandomize=False, max_examples=400
)
settings.load_profile("perfengine")

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would every command that a test
# starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Runs pytest on test files that a test writes.
pytest_plugins = ("pytester",)

GOLDEN_ROOT = Path(__file__).parent / "golden"


class Golden(Protocol):
    """Compares a text with a golden file."""

    def __call__(self, relative_path: str, text: str) -> None:
        """Fail unless `tests/golden/<relative_path>` holds `text`; with --update-golden, write it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update-golden."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare texts with the files under tests/golden."""
    update = bool(request.config.getoption("--update-golden"))

    def check(relative_path: str, text: str) -> None:
        path = GOLDEN_ROOT / relative_path
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"{path} does not exist: run pytest --update-golden and read what it wrote"
        assert text == path.read_bytes().decode(), f"differs from {path}"

    return check

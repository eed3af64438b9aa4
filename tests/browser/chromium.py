"""One Chromium for all tests, driven through `driver.mjs`; found, installed what drives it, started, ended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
#: Set to 1 where a browser was installed for these tests: then its absence is a failure, not a skip.
REQUIRED = "PERFENGINE_REQUIRE_BROWSER"
#: The program, where it has none of the usual names.
PROGRAM = "PERFENGINE_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_INSTALL_DEADLINE_S = 100
#: What `navigator.language` is in a headless shell whose environment has no locale: `Intl` throws at it.
POSIX = "en-US@posix"
#: What playwright-core asks for in `engines`.
_LEAST_NODE = 20


def absent(why: str) -> NoReturn:
    """Skip the test because of this; fail it where there must be a browser."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{why}, and {REQUIRED}=1 says that the browser tests must run")
    pytest.skip(why)


def find_node() -> str:
    """Return node. Skips where there is none that drives a browser."""
    found = shutil.which("node") or absent("node is not installed (Debian: apt-get install nodejs npm)")
    said = subprocess.run(
        [found, "--version"], capture_output=True, text=True, check=False, timeout=20
    ).stdout
    if not said.startswith("v") or int(said[1:].split(".")[0]) < _LEAST_NODE:
        absent(f"{found} is {said.strip() or 'none'}, and playwright-core wants node {_LEAST_NODE} or later")
    return found


def find_chromium() -> str:
    """Return Chromium. Skips where there is none."""
    named = os.environ.get(PROGRAM)
    if named:
        return shutil.which(named) or absent(f"{PROGRAM}={named} is no program")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or absent(
        f"Chromium is not installed (Debian: apt-get install chromium), nor named in {PROGRAM}"
    )


def install_driver() -> None:
    """Have npm install what package-lock.json names, if that is not done. Skips where it cannot be had."""
    done = HERE / "node_modules" / ".package-lock.json"
    if done.is_file() and done.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    npm = shutil.which("npm") or absent("npm is not installed (Debian: apt-get install npm)")
    try:
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"],
            cwd=HERE,
            check=True,
            capture_output=True,
            text=True,
            timeout=_INSTALL_DEADLINE_S,
        )
    except subprocess.CalledProcessError as error:
        absent(f"npm ci in tests/browser: {error.stderr}")
    except subprocess.TimeoutExpired:
        absent(f"npm ci in tests/browser took longer than {_INSTALL_DEADLINE_S} s")


@dataclass(frozen=True, slots=True)
class Canvas:
    """What is drawn in a chart's canvas."""

    share: float  #: of its pixels that are not transparent
    width: int
    height: int
    where: str  #: the name or place of what it stands in


@dataclass(frozen=True, slots=True)
class Heard:
    """What a page asked for, and complained of, since it was opened."""

    requests: list[str]
    console: list[str]
    errors: list[str]  #: exceptions that nobody caught
    dialogs: int


class Chromium:
    """A browser at work."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self._driver = driver
        self.version = str(self._answer())

    def ask(self, do: str, **order: object) -> Any:
        """Return the driver's answer. Raises: AssertionError with the driver's own words where it has none."""
        to = self._stream(self._driver.stdin)
        to.write(json.dumps({"do": do, **order}) + "\n")
        to.flush()
        return self._answer()

    def _answer(self) -> Any:
        line = self._stream(self._driver.stdout).readline()
        assert line, f"the driver ended with {self._driver.wait()}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["ok"]

    @staticmethod
    def _stream(stream: IO[str] | None) -> IO[str]:
        assert stream is not None
        return stream

    @contextmanager
    def page(
        self,
        url: str,
        *,
        width: int = 1400,
        height: int = 900,
        scheme: str = "light",
        language: str | None = None,
        script: bool = True,
    ) -> Iterator[Page]:
        """Yield a page of a fresh profile, loaded; `language` is what it is told of the reader's."""
        asked = {"width": width, "height": height, "scheme": scheme, "language": language, "script": script}
        number = self.ask("open", url=url, **asked)
        try:
            yield Page(self, number)
        finally:
            self.ask("close", page=number)


class Page:
    """A page that is open."""

    def __init__(self, browser: Chromium, number: int) -> None:
        self._browser = browser
        self._number = number

    def _ask(self, do: str, **order: object) -> Any:
        return self._browser.ask(do, page=self._number, **order)

    def heard(self) -> Heard:
        """Return what the page asked for and complained of so far."""
        return Heard(**self._ask("heard"))

    def painted_after_ms(self) -> float:
        """Return the time from navigation to the frame on which all that it draws while loading is on the screen."""
        return float(self.wait_for("globalThis.paintedAfterMs !== null") and self._ask("painted_ms"))

    def canvases(self) -> list[Canvas]:
        """Return all canvases, each after it was scrolled into sight."""
        return [Canvas(**found) for found in self._ask("canvases")]

    def sideways(self) -> list[str]:
        """Return what sticks out so that the page can be scrolled sideways; empty where it cannot."""
        found = self._ask("scrolling")
        return [f"{found['moved']} px", *found["outside"]] if found["moved"] else []

    def axe(self) -> list[str]:
        """Return the violations that axe finds: the rule, the element and what is wrong with it."""
        return list(self._ask("axe"))

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives."""
        return self._ask("evaluate", expression=expression)

    def wait_for(self, expression: str, *, seconds: float = 20.0) -> bool:
        """Wait until an expression is true. Raises: AssertionError when it is not by then."""
        return bool(self._ask("wait", expression=expression, timeout_ms=seconds * 1000))

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window another size."""
        self._ask("resize", width=width, height=height)

    def scheme(self, name: str) -> None:
        """Prefer "light" or "dark" from now on."""
        self._ask("scheme", scheme=name)

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """Write a PNG of what is in sight, or of the whole page."""
        self._ask("screenshot", path=str(path), full=full)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Yield a browser, started with no locale but POSIX; it ends with the block. Skips where there is none."""
    node, program = find_node(), find_chromium()
    install_driver()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    with subprocess.Popen(
        [node, str(HERE / "driver.mjs")],
        env={**environment, "LC_ALL": "C", "LANG": "C", PROGRAM: program},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as driver:
        yield Chromium(driver)

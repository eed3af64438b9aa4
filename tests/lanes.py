"""Everything that must pass, side by side: `python -m tests.lanes [--checks] [OPTION OF PYTEST...]`.

Three lanes, each a line of steps:

* what judges latencies and rates, the modules marked `timed`; then some of what loads servers;
* what needs a processor and no server, behind the others in every queue; then some more of what loads servers;
* rooms whose servers do little; when nothing is timed any more, all other tests that load servers.

The first lane prints as it goes. What the others printed comes whole, step after step, when all have ended. Each test
is in one step, and the outcome of each step counts.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).parents[1]
#: How a module says that it judges latencies, rates or moments.
MARK: Final = re.compile(r"^pytestmark = (?:\[[^\]]*)?pytest\.mark\.timed\b", re.MULTILINE)
PURE: Final = ("tests/unit",)
#: Of what loads servers as much as makes the first lane as long as the last.
AFTER_TIMED: Final = ("tests/docs", "tests/integration/cli", "tests/integration/pooler")
#: And the lane between them.
AFTER_PURE: Final = (
    "tests/browser",
    "tests/integration/ab",
    "tests/integration/dialects",
    "tests/integration/existing",
    "tests/integration/pgbench",
    "tests/integration/testing",
)
#: Servers that do little.
ROOMS: Final = (
    "tests/integration/compiler",
    "tests/integration/custom",
    "tests/integration/database",
    "tests/integration/datagen",
    "tests/integration/embedded",
    "tests/integration/generate",
    "tests/integration/nullserver",
    "tests/integration/serverview",
)
TIMED: Final = "timed"
#: A file system in memory. Tests make and drop databases by the hundred, three hundred files each: there are disks on
#: which that takes ten times as long.
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a directory of its own is made in it
ROOM_BYTES: Final = 4 << 30
_BEHIND: Final = ("nice", "-n", "15")
_CHECKS: Final = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that must end with 0."""

    name: str
    command: tuple[str, ...]
    aloud: bool = False  #: prints as it goes
    behind: bool = False  #: the others go first wherever there is a queue for the processor
    after_timed: bool = False  #: begins when nothing is timed any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A step that has ended."""

    name: str
    seconds: float
    failed: bool
    output: str  #: empty of one that printed as it went

    def __str__(self) -> str:
        """Return what became of it, in a line; with the last one that it printed."""
        last = self.output.rstrip().rpartition("\n")[2]
        return (
            f"{self.name:21}{self.seconds:6.0f} s  {'FAILED' if self.failed else 'passed'}  {last}".rstrip()
        )


def lanes(options: Sequence[str], *, checks: bool) -> tuple[tuple[Step, ...], ...]:
    """Return the lanes; `options` are for every pytest, `checks` adds ruff, mypy and import-linter."""
    timed = timed_modules()
    untimed = [f"--ignore={path}" for path in timed]
    elsewhere = [f"--ignore={path}" for path in (*PURE, *AFTER_TIMED, *AFTER_PURE, *ROOMS)]
    measuring = (
        Step(name=TIMED, command=_pytest(*timed, *options), aloud=True),
        Step(name="docs, commands, pools", command=_pytest(*AFTER_TIMED, *untimed, *options), aloud=True),
    )
    pure = [Step(name="pure", command=_pytest(*PURE, *options), behind=True)]
    if checks:
        pure += [
            Step(name=" ".join(words[:2]), command=(_program(words[0]), *words[1:]), behind=True)
            for words in _CHECKS
        ]
    between = Step(
        name="pages, pairs, pgbench", command=_pytest(*AFTER_PURE, *untimed, *options), after_timed=True
    )
    served = (
        Step(name="rooms", command=_pytest(*ROOMS, *untimed, *options)),
        Step(name="loads", command=_pytest("tests", *elsewhere, *untimed, *options), after_timed=True),
    )
    return measuring, (*pure, between), served


def timed_modules() -> list[str]:
    """Return the modules that are marked as timed."""
    modules = sorted((ROOT / "tests" / "integration").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in modules if MARK.search(path.read_text(encoding="utf-8"))]


def _pytest(*words: str) -> tuple[str, ...]:
    # without a cache: the steps would write each other's
    return (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words)


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def run_step(step: Step) -> Ended:
    """Run it and return what became of it."""
    began = time.monotonic()
    done = subprocess.run(
        (*_BEHIND, *step.command) if step.behind else step.command,
        cwd=ROOT,
        env=_environment(),
        stdout=None if step.aloud else subprocess.PIPE,
        stderr=None if step.aloud else subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - began
    return Ended(name=step.name, seconds=seconds, failed=done.returncode != 0, output=done.stdout or "")


def _environment() -> dict[str, str]:
    """Return ours, in which Python keeps what it compiled: the tests start commands by the hundred."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_lanes(those: Sequence[Sequence[Step]]) -> list[Ended]:
    """Run lanes side by side, the steps of each in order, and return what became of every step."""
    nothing_is_timed, interrupted = Event(), Event()

    def follow(lane: Sequence[Step]) -> list[Ended]:
        ended = []
        for step in lane:
            if step.after_timed:
                nothing_is_timed.wait()
            if not interrupted.is_set():
                ended.append(run_step(step))
            if step.name == TIMED:
                nothing_is_timed.set()
        return ended

    with ThreadPoolExecutor(len(those)) as pool:
        try:
            return [one for ended in pool.map(follow, those) for one in ended]
        except KeyboardInterrupt:  # what runs has heard of it, too
            interrupted.set()
            raise


@contextmanager
def temporary_files(place: Path = IN_MEMORY, room_bytes: int = ROOM_BYTES) -> Iterator[None]:
    """Have all steps of the block put temporary files there, where there is such a place and nobody named another."""
    if "TMPDIR" in os.environ or not _has_room(place, room_bytes):
        yield
        return
    with TemporaryDirectory(prefix="pe-", dir=place, ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # under root servers run as another user, who passes through
        os.environ["TMPDIR"] = name
        try:
            yield
        finally:
            del os.environ["TMPDIR"]


def _has_room(place: Path, room_bytes: int) -> bool:
    """Return whether programs may be kept and run there, and twice as much memory is left as they need."""
    try:
        found = os.statvfs(place)
        memory = re.search(r"^MemAvailable: *(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    except OSError:  # not Linux
        return False
    return (
        os.access(place, os.W_OK)
        and not found.f_flag & os.ST_NOEXEC
        and found.f_bavail * found.f_frsize >= room_bytes
        and memory is not None
        and int(memory[1]) << 10 >= 2 * room_bytes
    )


def main() -> None:
    """Run everything that was asked for; exit with 1 when a step failed."""
    words = sys.argv[1:]
    with temporary_files():
        ended = run_lanes(lanes([word for word in words if word != "--checks"], checks="--checks" in words))
    for one in ended:
        if one.output:
            print(f"\n----- {one.name} -----\n{one.output}", flush=True)  # noqa: T201
    print(*ended, sep="\n", flush=True)  # noqa: T201
    sys.exit(any(one.failed for one in ended))


if __name__ == "__main__":
    main()

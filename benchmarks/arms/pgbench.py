"""pgbench: threads of C, the same statements in the extended protocol, prepared.

pgbench has no warm-up of its own and tells its count once a second; both edges are progress lines of one run. Keys
are drawn by `random`, and an update takes its other values from variables, because pgbench can draw numbers only.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError, Launch, Load
from benchmarks.marks import Edge, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.scripts.orders import Statement
    from benchmarks.workload import Workload

_PROGRESS: Final = re.compile(r"progress: (\d+\.\d+) s, (\d+\.\d+) tps, .*?(\d+) failed")
_PLACEHOLDER: Final = re.compile(r"\$(\d+)")
#: pgbench must still be running when the last edge is due.
_SPARE_S: Final = 2


class Progress:
    """Turns progress lines into the two marks. Operations are the sum of rate x interval, good to 0.01 %."""

    def __init__(self, warmup_s: float, measured_s: float) -> None:
        self._warmup_s = warmup_s
        self._measured_s = measured_s
        self._first_s = self._previous_s = self._start_s = 0.0
        self._operations = 0.0
        self._failures = 0
        self._due: Edge | None = Edge.START

    def read_mark(self, line: str) -> Mark | None:
        """Return the mark when the line is the first one at or past an edge."""
        match = _PROGRESS.search(line)
        if match is None or self._due is None:
            return None
        self._advance(float(match[1]), float(match[2]), int(match[3]))
        if self._due is Edge.START and self._previous_s - self._first_s >= self._warmup_s:
            self._start_s = self._previous_s
            return self._mark(Edge.START, then=Edge.END)
        if self._due is Edge.END and self._previous_s - self._start_s >= self._measured_s:
            return self._mark(Edge.END, then=None)
        return None

    def _advance(self, at_s: float, rate_per_s: float, failed: int) -> None:
        if not self._previous_s:
            self._first_s = self._previous_s = at_s
        self._operations += rate_per_s * (at_s - self._previous_s)
        self._failures += failed
        self._previous_s = at_s

    def _mark(self, edge: Edge, then: Edge | None) -> Mark:
        self._due = then
        at_ns = int(self._previous_s * 1e9)
        return Mark(edge=edge, at_ns=at_ns, operations=self._operations, failures=self._failures)


@dataclass(frozen=True, slots=True)
class Pgbench:
    """`pgbench -M prepared` of the server's own version."""

    program: Path
    jobs: int = 1
    name: str = "pgbench"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what the program says of itself. Raises: BenchmarkError when there is none."""
        try:
            answer = subprocess.run(
                [self.program, "--version"], capture_output=True, text=True, check=True, timeout=10
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise BenchmarkError(f"pgbench does not run: {error}") from error
        return {"pgbench": answer.stdout.strip()}

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        orders = load.orders
        seconds = int(orders.warmup_s + orders.measured_s + _SPARE_S + 1)
        progress = Progress(orders.warmup_s, orders.measured_s)
        options = (f"--time={seconds}", "--progress=1", "--progress-timestamp")
        return Launch(command=self.command(load, *options), read_mark=progress.read_mark)

    def command(self, load: Load, *options: str) -> tuple[str, ...]:
        """Return the command line that runs the load; its scripts are written to the load's directory."""
        if load.workload.builtin:  # its own words for it, on its own tables, whose scale it counts
            return (*self._begin(load), *options, f"--builtin={load.workload.builtin}", load.orders.dsn)
        files = []
        for number, script in enumerate(scripts_of(load.workload)):
            path = load.directory / f"script{number}.sql"
            path.write_text(script)
            files.append(f"--file={path}")
        return (*self._begin(load), *options, *files, *variables_of(load.workload), load.orders.dsn)

    def _begin(self, load: Load) -> tuple[str, ...]:
        return (
            str(self.program), "--no-vacuum", "--protocol=prepared", f"--jobs={self.jobs}",
            f"--client={load.orders.clients}",
        )  # fmt: skip


def scripts_of(workload: Workload) -> list[str]:
    """Return a script a task, all of the same weight: keys are drawn anew, the rest are variables."""
    scripts = []
    for number, (task, draws) in enumerate(zip(workload.tasks, workload.draws, strict=True)):
        sets = [f"\\set {_name(number, place)} random({low}, {high})" for place, (low, high) in draws.items()]
        statements = [f"{_with_variables(statement, number)};" for statement in task.statements]
        if task.explicit:
            statements = ["BEGIN;", *statements, "COMMIT;"]
        scripts.append("\n".join([*sets, *statements, ""]))
    return scripts


def variables_of(workload: Workload) -> list[str]:
    """Return the options that set what is not drawn, to the values of each task's first attempt."""
    first = dict(reversed(workload.items))
    return [
        f"--define={_name(number, place)}={value}"
        for number, values in sorted(first.items())
        for place, value in enumerate(values)
        if place not in workload.draws[number]
    ]


def _name(number: int, place: int) -> str:
    return f"argument{number}_{place}"


def _with_variables(statement: Statement, number: int) -> str:
    return _PLACEHOLDER.sub(lambda m: f":{_name(number, statement.bindings[int(m[1]) - 1])}", statement.sql)

"""Whether `perfengine ab` tells the truth on a live server: nothing changed, and 5 % slower, again and again.

`python -m benchmarks.campaign --aa 30 --slow 30` appends a line a comparison to campaign.jsonl beside this file,
until it holds so many of each, and prints what they come to. It may be stopped at any time and goes on where it was;
the file is kept with the code, so that it goes on on another machine too.
It exits with 1 when a target is missed: no false alarm, half of the unchanged ones SAME, nine in ten of the slower
ones found, no wrong sign; with 3 when a comparison could not be made.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from benchmarks.arms.perfengine import PROGRAM
from benchmarks.campaign_arms import calibrate_arms
from benchmarks.campaign_log import NOTHING_CHANGED, SLOWED_DOWN, Line, append, read, summary
from benchmarks.machine import describe_machine
from benchmarks.run_arm import ROOT
from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.campaign_arms import Arms

SCENARIO: Final = ROOT / "benchmarks/campaign.yaml"
LEAST_SAME: Final = 0.5
LEAST_FOUND: Final = 0.9
_EXIT_BROKEN: Final = 3
#: Exit codes of a comparison that was made.
_MADE: Final = {0, 1, 4}


class CampaignError(Exception):
    """A comparison could not be made."""


def main() -> int:
    """Make what is missing, print, return the exit code."""
    options = _options()
    lines = read(options.output)
    try:
        with suppress(KeyboardInterrupt):
            lines += _make(list(missing(lines, options.aa, options.slow)), options)
    except CampaignError as error:
        print(f"campaign broken off: {error}", file=sys.stderr)
        return _EXIT_BROKEN
    print("\n".join(summary(read(options.output))))
    return 0 if holds(read(options.output)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__)
    parser.add_argument("--aa", type=int, default=30, help="comparisons with nothing changed, in all")
    parser.add_argument("--slow", type=int, default=30, help="comparisons with one arm 5 %% slower, in all")
    parser.add_argument("--slice", default="100ms", help="how long an arm has its turn")
    parser.add_argument("--slices", type=int, default=20, help="slices of an arm in a pair")
    parser.add_argument("--minutes", type=float, help="begin no comparison after so many")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/campaign.jsonl")
    return parser.parse_args()


def missing(lines: Sequence[Line], unchanged: int, slow: int) -> Iterator[str]:
    """Yield the kinds still to be made, one of each in turn: both kinds see the same hours."""
    left = {
        kind: wanted - sum(line.kind == kind for line in lines)
        for kind, wanted in ((NOTHING_CHANGED, unchanged), (SLOWED_DOWN, slow))
    }
    while any(count > 0 for count in left.values()):
        for kind in [kind for kind, count in left.items() if count > 0]:
            left[kind] -= 1
            yield kind


def _make(kinds: Sequence[str], options: argparse.Namespace) -> list[Line]:
    if not kinds:
        return []
    began, made = time.monotonic(), []
    slicing = (f"--slice={options.slice}", f"--slices={options.slices}")
    with start_ephemeral() as server, TemporaryDirectory() as directory:
        arms = asyncio.run(calibrate_arms(server.dsn))
        print(f"{arms.turns} and {arms.turns_slow} turns: {arms.measured_slowdown:+.1%}", file=sys.stderr)
        for kind in kinds:
            if options.minutes is not None and time.monotonic() - began > 60 * options.minutes:
                break
            line = _compare(kind, server.dsn, arms, Path(directory), slicing)
            append(options.output, line)
            made.append(line)
            print(f"{kind}: {line.verdict} after {line.pairs} pairs, {line.took_s:.0f} s", file=sys.stderr)
    return made


def _compare(kind: str, dsn: str, arms: Arms, directory: Path, slicing: Sequence[str]) -> Line:
    unchanged, slower = arms.write(directory)
    load, seed = os.getloadavg()[0], int.from_bytes(os.urandom(3))
    started_at, began = datetime.now(UTC).isoformat(), time.monotonic()
    command = _command(dsn, unchanged, slower if kind == SLOWED_DOWN else unchanged, slicing, seed)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in _MADE:
        raise CampaignError(f"perfengine ended with code {done.returncode}:\n{done.stderr}")
    document = json.loads(done.stdout)
    (operation,) = document["operations"].values()
    (unit,) = document["units"].values()
    return Line(
        kind=kind,
        started_at=started_at,
        took_s=time.monotonic() - began,
        seed=seed,
        exit_code=done.returncode,
        verdict=document["verdict"],
        gating=_gating(operation["metrics"]),
        pairs=len(unit["pairs"]),
        load_1min=load,
        arms={**asdict(arms), "slicing": list(slicing), "slice_s": unit["slice"]},
        machine=describe_machine(),
    )


def _command(dsn: str, before: Path, after: Path, slicing: Sequence[str], seed: int) -> list[str]:
    options = ("--operation=account_score", "--concurrency=1", "--json", "--quiet")
    arms = (f"--dsn={dsn}", f"--before={before}", f"--after={after}", f"--seed={seed}")
    return [str(PROGRAM), "ab", str(SCENARIO), *options, *arms, *slicing]


def _gating(metrics: dict[str, Any]) -> dict[str, dict[str, Any]]:
    kept = ("verdict", "direction", "change", "change_lower", "change_upper", "confirmed", "differences")
    return {metric: {name: row[name] for name in kept} for metric, row in metrics.items() if row["gating"]}


def holds(lines: Sequence[Line]) -> bool:
    """Return whether the targets are met."""
    unchanged = [line for line in lines if line.kind == NOTHING_CHANGED]
    slow = [line for line in lines if line.kind == SLOWED_DOWN]
    return (
        not any(line.is_alarm for line in unchanged)
        and sum(line.is_correct for line in unchanged) >= LEAST_SAME * len(unchanged)
        and sum(line.is_correct for line in slow) >= LEAST_FOUND * len(slow)
        and not any(line.has_wrong_sign for line in slow)
    )


if __name__ == "__main__":
    sys.exit(main())

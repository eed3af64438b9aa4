"""The script of the guide, which reads two results as they are."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.metrics.hdr_codec import encode
from perfengine.report.result_json import render_json
from tests.builders import make_failure, make_summary
from tests.results import make_guide_run

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

REGRESSION_SCRIPT = Path(__file__).parents[2] / "fixtures" / "check_performance_regression.py"


def check_regression(
    baseline: RunResult, current: RunResult, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run the guide's script on two rendered results."""
    paths = {"baseline": folder / "baseline.json", "current": folder / "current.json"}
    paths["baseline"].write_bytes(render_json(baseline, encode))
    paths["current"].write_bytes(render_json(current, encode))
    options = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    return subprocess.run(
        [sys.executable, "-X", "utf8", str(REGRESSION_SCRIPT), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=110,
    )


def test_regression_script_finds_none(tmp_path: Path) -> None:
    """The guide's script reads two results as they are, and finds no regression in equal ones."""
    done = check_regression(make_guide_run(), make_guide_run(), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "✅ No performance regressions detected\n"


def test_regression_script_finds_one(tmp_path: Path) -> None:
    """The guide's script finds the operation whose mean rose by a fifth."""
    current = make_guide_run()
    slower = current.operations[1]
    assert slower.latency is not None
    slower = replace(slower, latency=replace(slower.latency, mean=slower.latency.mean * 1.2))
    current = replace(current, operations=(current.operations[0], slower))
    done = check_regression(make_guide_run(), current, tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == ("🚨 Performance regressions detected:\n  bulk_order_confirm: 20.0% degradation\n")


def test_regression_script_and_an_operation_that_never_answered(tmp_path: Path) -> None:
    """The guide's script does not stumble over an operation without figures."""
    current = make_guide_run()
    silent = make_summary(failures={make_failure(): 9}, operation=current.operations[1].operation)
    current = replace(current, operations=(current.operations[0], silent))
    assert check_regression(make_guide_run(), current, tmp_path).returncode == 0

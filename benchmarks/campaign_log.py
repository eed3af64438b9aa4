"""The lines of the campaign, one a comparison, and what they come to. Appended, never rewritten."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from perfengine.stats.proportion import lower_bound, upper_bound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NOTHING_CHANGED: Final = "aa"
SLOWED_DOWN: Final = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One comparison."""

    kind: str
    started_at: str
    took_s: float
    seed: int
    exit_code: int
    verdict: str  #: regression, improvement, same, inconclusive
    gating: Mapping[str, Mapping[str, Any]]  #: metric to verdict, direction and bounds
    pairs: int
    load_1min: float
    arms: Mapping[str, Any] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_alarm(self) -> bool:
        """Whether a change was reported, either way."""
        return self.verdict in {"regression", "improvement"}

    @property
    def is_correct(self) -> bool:
        """Whether the answer is conclusive and right."""
        return self.verdict == ("same" if self.kind == NOTHING_CHANGED else "regression")

    @property
    def has_wrong_sign(self) -> bool:
        """Whether anything that decides was called better in a slower arm."""
        return self.kind == SLOWED_DOWN and any(
            row["verdict"] == "CHANGE" and row["direction"] == "better" for row in self.gating.values()
        )


def append(path: Path, line: Line) -> None:
    """Write a comparison down at once: whatever comes, it is not made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def read(path: Path) -> list[Line]:
    """Return all comparisons; a last line that was cut off is none."""
    if not path.exists():
        return []
    *whole, _ = path.read_text(encoding="utf-8").split("\n")
    return [Line(**json.loads(text)) for text in whole if text]


def summary(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what the comparisons come to, with exact (Clopper-Pearson) bounds at 95 % confidence, one-sided."""
    for kind, what in ((NOTHING_CHANGED, "nothing changed"), (SLOWED_DOWN, "5 % slower")):
        of_kind = [line for line in lines if line.kind == kind]
        n = len(of_kind)
        if not n:
            continue
        took_s = sum(line.took_s for line in of_kind) / n
        yield f"{what}: n = {n}, {took_s:.0f} s and {sum(line.pairs for line in of_kind) / n:.0f} pairs each"
        right = sum(line.is_correct for line in of_kind)
        if kind == NOTHING_CHANGED:
            alarms = sum(line.is_alarm for line in of_kind)
            yield f"  false alarms: {alarms} of {n}; at most {upper_bound(alarms, n):.1%} of such comparisons"
            yield f"  SAME: {right} of {n} ({right / n:.0%}); at least {lower_bound(right, n):.1%}"
        else:
            wrong = sum(line.has_wrong_sign for line in of_kind)
            yield f"  conclusive and correct: {right} of {n} ({right / n:.0%}); at least {lower_bound(right, n):.1%}"
            yield f"  wrong sign: {wrong} of {n}; at most {upper_bound(wrong, n):.1%}"
        loads = sorted(line.load_1min for line in of_kind)
        yield f"  load of the machine before each: {loads[0]:.1f} to {loads[-1]:.1f}, median {loads[n // 2]:.1f}"

"""How a figure moved from run to run: what the history tells, and what a trend chart draws."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One run of a trend."""

    run_id: str
    started_at: str  #: ISO 8601, UTC
    value: float | None  #: in the unit of its series; None when this run did not measure it
    verdict: str = ""  #: of the whole run: PASS, FAIL, UNPROVEN, ...; "" when nothing was judged
    is_comparable: bool = True  #: whether it was measured on the same thing as the newest run
    note: str = ""  #: what tells the run apart, such as a commit or a version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """Where the level of a trend changed."""

    index: int  #: of the first point at the new level
    before: float  #: level until then, in the unit of the series
    after: float  #: level from there on
    p_value: float | None = None  #: how likely such a change is by chance

    @property
    def change(self) -> float | None:
        """The change as a fraction of the level before; None where that was 0."""
        return self.after / self.before - 1 if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSeries:
    """One figure of one operation over runs, oldest first."""

    label: str  #: what is drawn, such as "single_order_confirm p95"
    unit: str  #: "s", "1/s", "fraction"
    points: tuple[TrendPoint, ...]
    change_points: tuple[ChangePoint, ...] = ()
    operation: str = ""
    metric: str = ""  #: as in `model.kept_run.Figure`
    #: what would be change points if runs did not follow their neighbours: a trend, whose cause is no single run
    drifts: tuple[ChangePoint, ...] = ()
    correlation: float | None = (
        None  #: of neighbouring runs that are comparable with the newest; None: unknown
    )

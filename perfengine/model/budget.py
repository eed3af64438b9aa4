"""What a promise of a service level allowed in one run, and how much of it the run spent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The budget of one promise on one operation. It is of this run, and no word about uptime."""

    operation: str
    promise: str  #: "availability", "response_time_p95" or "error_budget"
    tier: str
    limit: float  #: as the promise was put: 0.999, nanoseconds, or a share
    share: float  #: of attempts that may be bad
    total: int  #: attempts that the promise covers
    bad: int  #: of them; for the response time: slow ones too
    design_effect: (
        float  #: by how much fewer attempts count, for the bad ones came in clusters; 1: they did not
    )
    lasts_s: float = 1.0  #: how long what makes attempts bad lasts, about
    needed_s: int | None = (
        None  #: the time that a run with such clusters takes; None: it has lasted long enough
    )
    worst_minute_s: int | None = None  #: where the worst minute begins; None: the run has no minute
    worst_burn: float | None = None  #: its burn rate; infinite where nothing is allowed
    spent_s: int | None = (
        None  #: the second that spent more than was allowed in the whole run; None: none did
    )
    share_of_bad: float | None = None  #: of the bad attempts of all operations under this promise
    #: attempts that would prove the promise at this share of bad ones; None: no number would
    needed: int | None = None

    @property
    def allowed(self) -> float:
        """Attempts of this run that may be bad."""
        return self.share * self.total

    @property
    def left(self) -> float:
        """Attempts that might still have been bad; negative when it is overspent."""
        return self.allowed - self.bad

    @property
    def spent(self) -> float | None:
        """The share of the budget that is spent, which is the burn rate of the run too; None: nothing is allowed."""
        return self.bad / self.allowed if self.allowed else None

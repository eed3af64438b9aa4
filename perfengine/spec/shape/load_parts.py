"""The shape of a load: think times, stages, row policies, stop rules, a pool as applications describe theirs."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from perfengine.model.load import Spread
from perfengine.model.operation import Pick
from perfengine.model.workload import WhenExhausted
from perfengine.spec.shape.amounts import StageTarget, WaitNs
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import (
    MAX_CONCURRENCY,
    DurationNs,
    ErrorRate,
    Switch,
    whole,
)
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.written import one_of

Connections = Annotated[int, whole(1, MAX_CONCURRENCY)]


class ThinkPart(ShortPart):
    """`50ms`, `{dist: exponential, mean: 50ms}`, `{dist: uniform, min: 10ms, max: 90ms}`."""

    noun: ClassVar[str] = "a think time"
    needs_more: ClassVar[str] = "a duration, such as mean: 50ms"
    short: ClassVar[str] = "mean"
    short_schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^\s*\d", "examples": ["50ms"]}

    dist: Annotated[str, one_of("distribution", tuple(Spread))] | None = Field(
        None, description="constant (unless said), exponential or uniform."
    )
    mean: DurationNs | None = Field(None, description="The mean; of a uniform one half of its maximum.")
    min: WaitNs | None = Field(None, description="Of a uniform one: the least.")
    max: DurationNs | None = Field(None, description="Of a uniform one: the greatest.")


class StagePart(Part):
    """`{duration: 30s, target: 50}`."""

    noun: ClassVar[str] = "a stage"

    duration: WaitNs = Field(description="How long the change to the target takes; 0s is a jump.")
    target: StageTarget = Field(
        description="Users in the closed model, a rate such as 500/s in the open one."
    )


class RowsPart(Part):
    """`{pick: claim, when_exhausted: recycle}`."""

    noun: ClassVar[str] = "rows"
    needs_more: ClassVar[str] = "a policy, such as pick: claim"

    pick: Annotated[str, one_of("way to pick", tuple(Pick))] | None = Field(
        None, description="How an operation finds its row: claim (unless said), lock, random or first."
    )
    when_exhausted: Annotated[str, one_of("policy", tuple(WhenExhausted))] | None = Field(
        None, description="When rows are used up: recycle (unless said), create or stop."
    )


class StopPart(Part):
    """`{abort_on_fail: true, abort_delay: 10s, max_error_rate: 0.2}`."""

    noun: ClassVar[str] = "stop"
    needs_more: ClassVar[str] = "a rule, such as abort_on_fail: true"

    abort_on_fail: Switch | None = Field(None, description="Whether a violated requirement ends the run.")
    abort_delay: WaitNs | None = Field(None, description="Measured time before a requirement is looked at.")
    max_error_rate: ErrorRate | None = Field(None, description="A larger share of failures ends the run.")


class PoolPart(Part):
    """`{max: 20}`: what an application's pool is set to, as far as it says something about a load."""

    noun: ClassVar[str] = "pool"
    needs_more: ClassVar[str] = "max, such as max: 20"

    max: Connections | None = Field(None, description="The same as connections.")
    min: Annotated[int, whole(0, MAX_CONCURRENCY)] | None = Field(None, description="Without effect.")
    acquire_timeout: DurationNs | None = Field(None, description="Without effect.")
    statement_cache_size: Annotated[int, whole(0, 1_000_000)] | None = Field(
        None, description="0: the same as prepare: false. Else without effect."
    )

    @property
    def without_effect(self) -> tuple[str, ...]:
        """The keys that change nothing here."""
        cache = () if self.statement_cache_size in {None, 0} else ("statement_cache_size",)
        return (*(key for key in ("min", "acquire_timeout") if getattr(self, key) is not None), *cache)

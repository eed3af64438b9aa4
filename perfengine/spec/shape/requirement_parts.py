"""The shape of `requirements:` (groups of limits) and `service_level_agreements:` (tiers of promises)."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from perfengine.spec.shape.limits import Errors, LimitsPart
from perfengine.spec.shape.names import Subject
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import (
    MAX_CONCURRENCY,
    MAX_USERS,
    Availability,
    DurationNs,
    ErrorBudget,
    RatePerS,
    SizeBytes,
    whole,
)


class LoadPart(Part):
    """The group `load`: what the run as a whole must have carried."""

    noun: ClassVar[str] = "load"
    needs_more: ClassVar[str] = "a limit, such as requests_per_second: 500"

    concurrent_users: Annotated[int, whole(1, MAX_USERS)] | None = Field(
        None, description="The run must have had at least this many clients."
    )
    requests_per_second: RatePerS | None = Field(
        None, description="The run must have reached at least this rate."
    )
    error_rate: Errors = None


class ResourcesPart(Part):
    """The group `resources`: what the run as a whole may use."""

    noun: ClassVar[str] = "resources"
    needs_more: ClassVar[str] = "a limit, such as connections: 100"

    memory_per_request: SizeBytes | None = Field(
        None,
        description="The memory of the server over its connections, an upper bound, must not be above this.",
    )
    cpu_per_request: DurationNs | None = Field(
        None, description="The processor time of the server over all attempts must not be above this."
    )
    connections: Annotated[int, whole(1, MAX_CONCURRENCY)] | None = Field(
        None, description="The run must not have used more connections."
    )


class RequirementsPart(Part):
    """Groups: `load` and `resources`, and any other word with operations or kinds below it."""

    model_config = ConfigDict(extra="allow")
    noun: ClassVar[str] = "requirements"
    needs_more: ClassVar[str] = "a group, such as api: {order_create: {p95: 200ms}}"
    __pydantic_extra__: dict[str, dict[Subject, LimitsPart]]

    load: LoadPart | None = Field(None, description="Limits on the run as a whole.")
    resources: ResourcesPart | None = Field(None, description="Limits on what the run uses.")

    @classmethod
    def accepts(cls, key: str) -> bool:
        """Return True: a group may have any name."""
        return bool(key)

    @property
    def groups(self) -> dict[str, dict[str, LimitsPart]]:
        """The groups of operations, by their names."""
        return dict(self.__pydantic_extra__)


class ServiceLevelPart(Part):
    """`{operation: order_create, availability: 0.999, response_time_p95: 200ms, error_budget: 0.1}`."""

    noun: ClassVar[str] = "a service level"
    needs_more: ClassVar[str] = "a promise, such as availability: 0.999"

    operation: Subject = Field(description="An operation, an alias of one, or a kind.")
    availability: Availability | None = Field(
        None, description="The least share of good attempts: 0.999 or 99.9%."
    )
    response_time_p95: DurationNs | None = Field(
        None, description="95 % of the response times are not above this."
    )
    error_budget: ErrorBudget | None = Field(
        None, description="The most failed attempts, in percent: 0.1 is 0.1 %."
    )

"""The shape of `performance:` and `test_config.performance`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from perfengine.spec.shape.limits import TargetsPart
from perfengine.spec.shape.names import FilePath, Name
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import (
    MAX_CONCURRENCY,
    MAX_ITERATIONS,
    MAX_ROWS,
    DurationNs,
    Switch,
    whole,
)
from perfengine.spec.shape.written import one_of

MEASURED_METRICS: Final = (
    *("query_execution_time", "latency", "throughput", "error_rate"),
    *("connection_count", "connection_pool_utilization", "cpu_usage", "disk_io"),
    *("lock_wait_time", "memory_usage", "network_io"),
)
REPORT_FORMATS: Final = ("json", "html", "junit", "markdown", "csv", "hlog")
_OPTION_PREFIX: Final = "include_"

MetricName = Annotated[str, one_of("metric", MEASURED_METRICS)]
ReportFormat = Annotated[
    str, one_of("report format", REPORT_FORMATS, synonyms={"xml": "junit", "md": "markdown"})
]
RowCount = Annotated[int, whole(0, MAX_ROWS)]


class DataSetPart(Part):
    """`{name: small_dataset, orders: 100, customers: 10}`: the other keys are tables."""

    model_config = ConfigDict(extra="allow")
    noun: ClassVar[str] = "a data set"
    needs_more: ClassVar[str] = "the rows of a table, such as orders: 100"
    __pydantic_extra__: dict[str, RowCount]

    name: Name = Field(description="The name for --data-set.")

    @classmethod
    def accepts(cls, key: str) -> bool:
        """Return True: which tables there are, the shape cannot know."""
        return bool(key)

    @property
    def counts(self) -> dict[str, int]:
        """The tables as written, with their rows."""
        return dict(self.__pydantic_extra__)


class ReportPart(Part):
    """`{format: html, include_charts: true}`."""

    model_config = ConfigDict(extra="allow")
    noun: ClassVar[str] = "a report"
    __pydantic_extra__: dict[str, Switch]

    format: ReportFormat = Field(description="What to write.")
    path: FilePath | None = Field(None, description="The file, inside the results directory.")

    @classmethod
    def accepts(cls, key: str) -> bool:
        """Return whether this is a key of a report or one of its options."""
        return super().accepts(key) or key.startswith(_OPTION_PREFIX)

    @property
    def options(self) -> dict[str, bool]:
        """The `include_` options."""
        return dict(self.__pydantic_extra__)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema: besides its keys only options."""
        described: dict[str, Any] = super().__get_pydantic_json_schema__(schema, handler)
        options = {f"^{_OPTION_PREFIX}": described["additionalProperties"]}
        return {**described, "patternProperties": options, "additionalProperties": False}


class PerformancePart(Part):
    """How an entity is loaded, and what is asked of it."""

    noun: ClassVar[str] = "performance"
    not_yet: ClassVar[Mapping[str, str]] = {
        "duration": "write it below workload:, or --duration 5m on the command line; here, timeout ends a phase",
    }

    enabled: Switch | None = Field(None, description="false: the entity is skipped, with a note.")
    iterations: Annotated[int, whole(1, MAX_ITERATIONS)] | None = Field(
        None, description="Attempts of each operation, in all: the clients share them."
    )
    concurrency: Annotated[int, whole(1, MAX_CONCURRENCY)] | None = Field(
        None, description="Clients at work at the same time."
    )
    timeout: DurationNs | None = Field(None, description="The longest time for one operation's phase.")
    data_sets: list[DataSetPart] | None = Field(
        None, description="Named row counts; the first is taken unless asked."
    )
    requirements: list[TargetsPart] | None = Field(None, description="Limits of single operations.")
    metrics: list[MetricName] | None = Field(None, description="What to measure.")
    reports: list[ReportPart] | None = Field(None, description="What to write when the run is over.")


class TestConfigPart(Part):
    """`test_config:` with `performance:` in it."""

    __test__ = False  # pytest would take the name for a test class
    noun: ClassVar[str] = "test_config"

    performance: PerformancePart = Field(
        description="The same as performance:, which wins where both say something."
    )

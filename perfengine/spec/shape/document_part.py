"""The shape of a whole document. One mapping may be an entity, a workload, requirements or SLAs, or several."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from perfengine.spec.shape.entity_parts import FieldPart, PatternPart
from perfengine.spec.shape.generator_parts import GeneratorPart
from perfengine.spec.shape.names import Name, Remark
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.performance_parts import PerformancePart, TestConfigPart
from perfengine.spec.shape.requirement_parts import RequirementsPart, ServiceLevelPart
from perfengine.spec.shape.workload_parts import WorkloadPart
from perfengine.spec.shape.written import one_of

#: The keys of which a document must have one, with what it then is.
KINDS: Final[Mapping[str, str]] = {
    "fields": "an entity",
    "patterns": "an entity",
    "performance": "a performance configuration",
    "test_config": "a performance configuration",
    "requirements": "requirements",
    "service_level_agreements": "service level agreements",
    "workload": "a workload",
    "data": "data of fields",
}
Version = Annotated[str, one_of("version", ("1.0", "1"), schema={"enum": ["1.0", "1", 1]})]


class DocumentPart(Part):
    """A document of a scenario."""

    model_config = ConfigDict(
        title="perfengine scenario",
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in KINDS if key != "patterns"],
            "dependencies": {
                "patterns": ["fields"],
                "fields": {"anyOf": [{"required": ["name"]}, {"required": ["entity"]}]},
            },
        },
    )
    noun: ClassVar[str] = "a document"
    not_yet: ClassVar[Mapping[str, str]] = {
        "scenario": "this key is not read: name the files of entities on the command line, and write workload:",
        "baselines": "a baseline cannot be compared with yet",
        "results": "this is a result, not a scenario",
    }

    name: Name | None = Field(None, description="The entity: the name of its table.")
    entity: Name | None = Field(None, description="The same as name.")
    description: Remark = Field("", description="For readers; never sent to the database.")
    version: Version | None = Field(None, description='The version of the grammar: "1.0".')
    fields: dict[Name, FieldPart] | None = Field(None, description="Columns: name to type.")
    patterns: list[PatternPart] | None = Field(None, description="Behaviours of the entity.")
    performance: PerformancePart | None = Field(None, description="How the entity is loaded.")
    test_config: TestConfigPart | None = Field(None, description="The same below the key performance.")
    workload: WorkloadPart | None = Field(None, description="How operations are put together to a load.")
    data: dict[Name, dict[Name, GeneratorPart]] | None = Field(
        None, description="Entity: field: generator, where values are not to come from types and rules."
    )
    requirements: RequirementsPart | None = Field(None, description="Limits, in groups.")
    service_level_agreements: dict[str, list[ServiceLevelPart]] | None = Field(
        None, description="Promises, in tiers."
    )

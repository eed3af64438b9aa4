"""The shape of a whole document. One mapping may be an entity, a workload, requirements or SLAs, or several."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field

from perfengine.spec.shape.field_parts import FieldPart, IndexPart
from perfengine.spec.shape.generator_parts import GeneratorPart
from perfengine.spec.shape.names import WORD_SCHEMA, Name, Remark, read_name
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.patterns import Patterns
from perfengine.spec.shape.performance_parts import PerformancePart, TestConfigPart
from perfengine.spec.shape.requirement_parts import RequirementsPart, ServiceLevelPart
from perfengine.spec.shape.workload_parts import WorkloadPart
from perfengine.spec.shape.written import Written, one_of

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
#: Keys of entity files that other programs read.
SKIPPED_KEYS: Final = (
    "_metadata",
    "agents",
    "audit",
    "deduplication",
    "extends",
    "functions",
    "graphql",
    "hierarchical",
    "identifier",
    "import",
    "imports",
    "metadata",
    "multi_tenant",
    "notes",
    "operations",
    "organization",
    "permissions",
    "projections",
    "table_code",
    "table_views",
    "tags",
    "tier",
    "translations",
    "triggers",
    "trinity_helpers",
    "views",
)
#: Keys of entity files that are spelled anew as fields and patterns before they are read.
RESPELLED_KEYS: Final[Mapping[str, str]] = {
    "actions": "Named changes: those that change the state are transitions.",
    "constraints": "Rules: type check and type unique.",
    "foreign_keys": "Fields that refer to other tables.",
    "relationships": "Which field refers to which entity.",
    "validation": "Rules, as those of the pattern validation.",
    "validation_checks": "The same.",
    "validations": "The same.",
}
Version = Annotated[str, one_of("version", ("1.0", "1"), schema={"enum": ["1.0", "1", 1]})]


EntityName = Annotated[str, Written(read_name, {"anyOf": [WORD_SCHEMA, {"type": "object"}]})]
#: One of the keys, or an entity whose keys stand below `entity:`.
_KNOWN_BY: Final[list[Any]] = [
    *({"required": [key]} for key in KINDS if key != "patterns"),
    {"properties": {"entity": {"type": "object"}}, "required": ["entity"]},
]


class DocumentPart(Part):
    """A document of a scenario."""

    model_config = ConfigDict(
        title="perfengine scenario",
        json_schema_extra={
            "anyOf": _KNOWN_BY,
            "dependencies": {
                "patterns": ["fields"],
                "fields": {"anyOf": [{"required": ["name"]}, {"required": ["entity"]}]},
            },
        },
    )
    noun: ClassVar[str] = "a document"
    skipped: ClassVar[tuple[str, ...]] = SKIPPED_KEYS
    respelled: ClassVar[Mapping[str, str]] = RESPELLED_KEYS
    not_yet: ClassVar[Mapping[str, str]] = {
        "scenario": "this key is not read: name the files of entities on the command line, and write workload:",
        "baselines": "this is a baseline, not a scenario: give it with --baseline",
        "results": "this is a result, not a scenario",
    }

    name: Name | None = Field(None, description="The entity: the name of its table.")
    entity: EntityName | None = Field(
        None, description="The entity, or a mapping of all its keys: fields may be NULL unless they say no."
    )
    schema_: Name | None = Field(
        None, alias="schema", description="Where its table is on a server that has it; none in a sandbox."
    )
    description: Remark = Field("", description="For readers; never sent to the database.")
    version: Version | None = Field(None, description='The version of the grammar: "1.0".')
    fields: dict[Name, FieldPart] | None = Field(None, description="Columns: name to type.")
    indexes: list[IndexPart] | None = Field(None, description="Indexes of its table.")
    patterns: Patterns | None = Field(None, description="Behaviours of the entity.")
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

"""The JSON Schema of a scenario document, for editors."""

from __future__ import annotations

from typing import Any, Final

from perfengine.spec.shape.document_part import DocumentPart

#: The newest draft that every YAML language server in use reads.
DIALECT: Final = "http://json-schema.org/draft-07/schema#"


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a document, made of the models that read it.

    In an editor with the YAML language server, a document begins with
    `# yaml-language-server: $schema=<where the schema was saved>`.
    """
    schema = DocumentPart.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = schema.pop("$defs")
    return {"$schema": DIALECT, **schema, "definitions": definitions}

"""How a row of a table is spelled as a type: a table may be called as a type of the server is, `line` or `money`.

A name in quotes that is a type finds that type before the table's own. Source: PostgreSQL 18, `pg_type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.table import Table

_WORDS: Final = """
aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea char cid cidr
circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 gtsvector index_am_handler
inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range internal interval json jsonb
jsonpath language_handler line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path
point polygon record refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator
regproc regprocedure regrole regtype table_am_handler text tid time timestamp timestamptz timetz trigger
tsm_handler tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit
varchar void xid xid8 xml
"""
_SERVERS_OWN: Final = frozenset(_WORDS.split())


def variable_type(table: Table) -> str:
    """Return the type of a variable that holds a row of the table."""
    name = quote_identifier(table.name)
    return f"{name}%ROWTYPE" if _is_taken(table) else name


def returned_type(table: Table) -> str:
    """Return the type of a function that returns a row of the table."""
    return "record" if _is_taken(table) else quote_identifier(table.name)


def _is_taken(table: Table) -> bool:
    return table.name.removeprefix("_") in _SERVERS_OWN  # with the underscore it is an array of them

"""What a query from a stranger may name: the public views, and functions that only compute.

The query is parsed by DuckDB and read as a tree, so comments, case, quotes and odd spaces are no
way around. This is the fence that says clearly what is wrong; the walls behind it are the door's,
which can read no other file, and the process's, which has no more memory and time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from analytics.explained import meant
from analytics.failures import QueryFailed, QueryRefused

NAME = re.compile(r"\w{1,100}")
ONE_SELECT = "only one SELECT is answered: nothing can be changed, copied, attached or set"
TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
CLOSED_PREFIXES = ("duckdb_", "parquet_", "pg_", "pragma_", "read_", "sniff_", "which_", "write_")
CLOSED_FUNCTIONS = frozenset(
    {
        "current_query",
        "current_setting",
        "currval",
        "delta_scan",
        "from_substrait",
        "getenv",
        "getvariable",
        "glob",
        "iceberg_scan",
        "json_deserialize_sql",
        "json_execute_serialized_sql",
        "json_serialize_plan",
        "json_serialize_sql",
        "nextval",
        "parse_duckdb_log_message",
        "query",
        "query_table",
        "set_config",
        "sleep_ms",
        "sqlite_scan",
        "stats",
    }
)


@dataclass(frozen=True)
class Names:
    """What a catalogue has, in lower case: public views, macros in place of one, the rest."""

    views: frozenset[str]
    macros: frozenset[str]
    hidden: frozenset[str]


def check(parsed: str, names: Names) -> frozenset[str]:
    """Check a query, as `json_serialize_sql` gives it; return the views and macros that it names.

    Raises `QueryRefused` for what it may not name and `QueryFailed` when it is no SQL.
    """
    try:
        tree = msgspec.json.decode(parsed)
    except (msgspec.DecodeError, RecursionError) as error:
        raise QueryRefused("the query is nested too deeply") from error
    if tree["error"]:
        raise _explained(tree)
    if len(tree["statements"]) != 1:
        raise QueryRefused(ONE_SELECT)
    nodes = list(_nodes(tree))
    named = frozenset(name for node in nodes for name in _names_in(node))
    own = {each["key"].lower() for node in nodes for each in _ctes(node)}
    _check_own_names(own, names)
    for node in nodes:
        _check_table(node, names.views | own)
        _check_function(node, names)
        if node.get("class") == "PARAMETER":
            raise QueryRefused("a query has no parameters: write the value where it stands")
    return named & (names.views | names.macros)


def _names_in(node: dict[str, Any]) -> Iterator[str]:
    for key in ("table_name", "function_name"):
        if isinstance(name := node.get(key), str):
            yield name.lower()


def _explained(tree: dict[str, Any]) -> QueryRefused | QueryFailed:
    message = str(tree.get("error_message", ""))
    if "SELECT" in message or tree.get("error_type") == "not implemented":
        return QueryRefused(ONE_SELECT)
    return QueryFailed(message.partition("\n")[0])


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _ctes(node: dict[str, Any]) -> list[dict[str, Any]]:
    named = node.get("cte_map")
    return named["map"] if named else []


def _check_own_names(own: set[str], names: Names) -> None:
    """See that a CTE's name means nothing else where the CTE is out of scope."""
    for name in own:
        if not NAME.fullmatch(name) or name in names.hidden - names.views:
            raise QueryRefused(f"nothing can be called {name[:60]!r} in a query from here")


def _check_table(node: dict[str, Any], known: frozenset[str]) -> None:
    kind = node.get("type")
    if kind == "SHOW_REF" and not node.get("query"):
        raise QueryRefused("name a view: `describe messages`, `summarize replies`")
    if kind != "BASE_TABLE":
        return
    name = str(node["table_name"])
    if node["schema_name"] or node.get("catalog_name"):
        raise QueryRefused("only the public views can be read: name them without a schema")
    if name.lower() not in known:
        hint = meant(name[:60], known) or "; files cannot be read"
        raise QueryRefused(f"no view is called {name[:60]!r}{hint}")


def _check_function(node: dict[str, Any], names: Names) -> None:
    if node.get("type") == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name", "")).lower()
        if node["function"].get("schema") or node["function"].get("catalog"):
            raise QueryRefused("name a macro without a schema")
        if name not in TABLE_FUNCTIONS | names.macros:
            hint = meant(name[:60], names.macros)
            raise QueryRefused(f"the function {name[:60]!r} is not for queries from here{hint}")
    if "function_name" in node:
        name = str(node["function_name"]).lower()
        of_us = node.get("schema", "").lower() in ("", "main")
        closed = name in CLOSED_FUNCTIONS | names.hidden or name.startswith(CLOSED_PREFIXES)
        if closed or not of_us:
            raise QueryRefused(f"the function {name[:60]!r} is not for queries from here")

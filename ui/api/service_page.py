"""The OpenAPI description of the service as a page for people, which loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

__all__ = ["description_html"]

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; }
section { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
h2 { font: 600 1rem ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .9rem; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8886; }
"""
_EXAMPLE = """curl -s {address}/ask -H 'Content-Type: application/json' -d '{{"question": "Who met in Brussels?"}}'"""


def description_html(description: Mapping[str, Any], address: str = "/api") -> str:
    """The page; `description` is the application's OpenAPI document, `address` where the service is mounted."""
    info = description["info"]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])}: the service</title><style>{_STYLE}</style><main>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])} "
        f'The whole description: <a href="{escape(address)}/openapi.json">openapi.json</a>.</p>'
        f"<pre>{escape(_EXAMPLE.format(address=address))}</pre>{''.join(_sections(description, address))}</main></html>"
    )


def _sections(description: Mapping[str, Any], address: str) -> Iterator[str]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            fields = [*operation.get("parameters", ()), *_body_fields(operation, description)]
            rows = "".join(
                f"<tr><td><code>{escape(field['name'])}</code><td>{_kind(field['schema'])}"
                f"<td>{'needed' if field.get('required') else ''}<td>{escape(field['schema'].get('description', ''))}"
                for field in fields
            )
            said = escape(operation.get("description", ""))
            heading = f"{method.upper()} {escape(address + path)}"
            yield f"<section><h2>{heading}</h2><p>{said}</p>{f'<table>{rows}</table>' if rows else ''}</section>"


def _body_fields(operation: Mapping[str, Any], description: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of the JSON that an operation takes, in the form of parameters."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return []
    schema = description["components"]["schemas"][_name(content["schema"])]
    needed = schema.get("required", ())
    return [{"name": name, "schema": field, "required": name in needed} for name, field in schema["properties"].items()]


def _kind(schema: Mapping[str, Any]) -> str:
    """«string», «date», «list of HistoryMessage», as it is written in the description."""
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"] if part.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return escape(_name(schema) if "$ref" in schema else schema.get("format") or schema.get("type", "anything"))


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]

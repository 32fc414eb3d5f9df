"""The JSON Schema (draft 2020-12) of scenario files, from the field table: for editors to complete and check."""

from __future__ import annotations

import math
from typing import Any

from winset.language.field import SENSES
from winset.language.fields import SECTIONS, Field, Section
from winset.language.reader import DISTRIBUTIONS

_NAME = r"^[^\W\d]\w*$"
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_NUMBER: dict[str, Any] = {"type": ["number", "string"]}
_DATE: dict[str, Any] = {"type": ["string", "integer"]}


def schema() -> dict[str, Any]:
    """The schema as JSON-able data. What only `winset check` can know (names, sums, states) is not in it."""
    definitions = {name: _section(section) for name, section in SECTIONS.items() if name != "scenario"}
    definitions["block"] |= {"type": "object", "minProperties": 1, "maxProperties": 1}
    definitions["expression"] = {"anyOf": [_SCALAR, _ref("parameter")], "description": "an expression, or a quantity"}
    definitions["observed"]["additionalProperties"] = _ref("observed_move")
    definitions["pays"] = _map({"anyOf": [_ref("expression"), _map(_ref("expression"))]})
    definitions["start"] = {"anyOf": [_SCALAR, _map(_ref("expression"))]}
    definitions["grid"] = {"anyOf": [{"type": "string"}, {"type": "array", "items": _NUMBER}]}
    definitions["distribution"] = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            kind: {"type": "object", "properties": dict.fromkeys(names, _NUMBER), "required": list(names)}
            for kind, names in DISTRIBUTIONS.items()
        },
    }
    root = _section(SECTIONS["scenario"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://winset.invalid/schema/1",
        "title": "winset scenario",
        **root,
        "$defs": definitions,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _map(value: dict[str, Any], *, named: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"type": ["object", "null"], "additionalProperties": value}
    if named:
        found["propertyNames"] = {"type": "string"}
    return found


def _section(section: Section) -> dict[str, Any]:
    properties = {}
    for field in section.fields:
        text = field.meaning + (f" (default: {field.default})" if field.default else "")
        properties[field.key] = {**_kind(field), "description": text}
        if field.sense:
            properties[field.key] |= _bounded(field)
    required = [field.key for field in section.fields if field.required]
    found: dict[str, Any] = {
        "type": "object" if required else ["object", "null"],
        "description": section.meaning,
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        found["required"] = required
    return found


def _bounded(field: Field) -> dict[str, Any]:
    """The bounds of the numbers that a field may have; of expressions nothing is known here."""
    sense = SENSES[field.sense]
    bounds: dict[str, Any] = {"minimum": sense.low}
    if math.isfinite(sense.high):
        bounds["maximum"] = sense.high
    if field.kind != "own:expressions":
        return bounds
    return _map({**_ref("expression"), **bounds})


def _kind(field: Field) -> dict[str, Any]:
    kind, _, rest = field.kind.partition(":")
    if kind == "choice":
        return {"enum": rest.split("|")}
    if kind == "one":
        return _ref(rest)
    if kind == "map":
        if rest == "parameter":
            return _map({"anyOf": [_NUMBER, _ref(rest)]})
        if rest == "question":
            return _map({"anyOf": [{"type": "string"}, _ref(rest)]})
        return _map(_ref(rest))
    if field.kind == "list:move":
        return {"type": ["array", "null"], "items": {"anyOf": [_ref("move"), _ref("placement")]}}
    if kind == "list":
        return {"type": ["array", "null"], "items": _ref(rest)}
    if kind == "own":
        return _OWN[rest]
    return {
        "text": _SCALAR,
        "name": {"type": "string", "pattern": _NAME},
        "names": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "truth": {"type": "boolean"},
        "whole": _NUMBER,
        "number": _NUMBER,
        "date": _DATE,
        "events": _EVENTS,
        "expression": _ref("expression"),
        "formula": {"type": ["string", "boolean", "number"]},
    }[kind]


_ACTIONS = _map({"anyOf": [_ref("action"), _map(_ref("action"))]})
_EVENTS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, _map(_ref("expression"))]
}
_OUTCOMES = _map({"anyOf": [_ref("outcome"), _map(_ref("outcome"))]})
_OWN: dict[str, dict[str, Any]] = {
    "pays": _map({"anyOf": [_ref("expression"), _map(_ref("expression"))]}),
    "then": _map(_ref("expression")),
    "becomes": _map(_map(_map(_ref("expression")))),
    "steps": _map(_map(_ref("expression"))),
    "on": _DATE,
    "texts": _map({"type": "string"}),
    "expressions": _map(_ref("expression")),
    "numbers": _map(_NUMBER),
    "rounds": {"anyOf": [{"const": "infinite"}, _NUMBER]},
    "dates": _map(_DATE),
    "days": {"anyOf": [_DATE, {"type": "array", "items": _DATE, "minItems": 1}]},
    "selected": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
    "range": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
    "distribution": _ref("distribution"),
    "values": {"anyOf": [{"type": "string"}, {"type": "array", "items": _SCALAR, "minItems": 1}]},
    "start": _ref("start"),
    "starts": _map(_ref("start")),
    "agreements": _map(_map(_SCALAR)),
    "priors": _map(_map(_ref("expression"))),
    "hypotheses": _map(
        {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"types of": {"type": "string", "pattern": _NAME}},
                    "required": ["types of"],
                    "additionalProperties": False,
                },
                _map({"anyOf": [{"type": "string", "pattern": _NAME}, _ref("hypothesis")]}),
            ]
        }
    ),
    "observed": {"$ref": "#/$defs/observed"},
    "rows": _map({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
    "missed": {"anyOf": [{"$ref": "#/$defs/expression"}, _map({"$ref": "#/$defs/expression"})]},
    "perceives": _map({"type": "string", "pattern": _NAME}),
    "by": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
    "actions": _ACTIONS,
    "signals": _OUTCOMES,
    "for": _map(_ref("grid")),
    "probability": _ref("expression"),
}

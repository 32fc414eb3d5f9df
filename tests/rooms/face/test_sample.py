"""The invented brief of these tests has the shape that a brief promises, so that the page is tested on what it gets."""

from __future__ import annotations

import typing
from typing import Any

from rooms.face.sample_brief import sample
from winset.study import brief_data


def mismatches(value: Any, kind: Any, path: str) -> list[str]:
    """Where a value has keys that a typed dictionary does not, or lacks some."""
    if typing.is_typeddict(kind):
        hints = typing.get_type_hints(kind)
        wrong = [f"{path}.{key}" for key in set(value) - set(hints) | kind.__required_keys__ - set(value)]
        known = [(key, item) for key, item in value.items() if key in hints]
        return wrong + [m for key, item in known for m in mismatches(item, hints[key], f"{path}.{key}")]
    if typing.get_origin(kind) is list and isinstance(value, list):
        return [m for item in value for m in mismatches(item, typing.get_args(kind)[0], f"{path}[]")]
    return []


def test_sample_has_the_shape_of_a_brief() -> None:
    assert sorted(set(mismatches(sample(), brief_data.Brief, "brief"))) == []

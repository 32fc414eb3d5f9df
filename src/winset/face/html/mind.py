"""The sections of a page on delay and on what would change our mind, from their own template."""

from __future__ import annotations

from typing import Any

from winset.face import changes
from winset.face.html.environment import environment

Json = dict[str, Any]


def sections(brief: Json) -> Any:
    """What the page's template calls with its macro for headings: `delay(heading)` and `mind(heading)`.

    Each gives the section as markup, or "" where the brief has nothing to say there.
    """
    made: Any = environment().get_template("mind.html.j2").module

    def delay(heading: Any) -> Any:
        found = brief["delay"]
        return made.delay(heading, changes.delay_table(brief), found["told"], found["missing"]) if found else ""

    def mind(heading: Any) -> Any:
        weak, rows = changes.weak(brief), changes.changing(brief)
        return made.mind(heading, weak, rows, changes.rest(brief)) if weak or rows else ""

    return {"delay": delay, "mind": mind}

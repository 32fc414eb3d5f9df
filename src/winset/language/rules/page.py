"""The reference page of the rules, from the catalogue."""

from __future__ import annotations

import textwrap

from winset.language.rules.catalogue import FAMILIES, RULES

_HEAD = """# The rules of `winset check`

Every problem has a stable code: a letter for its family and three digits. An *error* stops solving; a *warning*
does not. This page is generated from the code; do not edit it by hand.
"""


def rules_page() -> str:
    """The page as Markdown, ending in a line break."""
    parts = [_HEAD]
    for letter, family in FAMILIES.items():
        parts.append(f"## {letter}: {family}\n")
        for rule in RULES.values():
            if not rule.code.startswith(letter):
                continue
            mark = " (warning)" if rule.warning else ""
            parts.append(
                f"### {rule.code}{mark}: {rule.what}\n\n{wrapped(rule.why)}\n\n"
                f"- not: {_code(rule.bad)}\n- but: {_code(rule.good)}\n\n{wrapped(rule.fix)}\n"
            )
    return "\n".join(parts).rstrip() + "\n"


def _code(text: str) -> str:
    return f"`{text}`" if "`" not in text else text


def wrapped(text: str) -> str:
    """A paragraph of a made page, within its width."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)

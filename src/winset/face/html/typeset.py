"""Quotation marks and apostrophes as print sets them, in the words of a page and not in its code."""

from __future__ import annotations

import re

_PIECES = re.compile(r"(<[^>]*>)")
_VERBATIM = re.compile(r"<(/?)(code|style|title|pre)\b")
_PLAIN = {"&#39;": "'", "&#34;": '"', "&quot;": '"'}


def typeset(page: str) -> str:
    """A page with straight quotation marks of its words made curly; attributes, code and the style stay."""
    out, inside = [], 0
    for piece in _PIECES.split(page):
        if piece.startswith("<"):
            if found := _VERBATIM.match(piece):
                inside += -1 if found[1] else 1
            out.append(piece)
        else:
            out.append(piece if inside else curly(re.sub("&#3[49];|&quot;", lambda m: _PLAIN[m[0]], piece)))
    return "".join(out)


def curly(words: str) -> str:
    """Words with curly marks: single ones inside a quotation, double ones elsewhere, apostrophes between letters."""
    out, quoted = [], False
    for i, mark in enumerate(words):
        if mark in "“”":
            quoted = mark == "“"
        if mark not in "\"'":
            out.append(mark)
            continue
        opens = i == 0 or words[i - 1] in " \t\n([“‘—–"
        opens = opens and i + 1 < len(words) and not words[i + 1].isspace()
        single = quoted or mark == "'"
        out.append(("‘" if single else "“") if opens else ("’" if single else "”"))
    return "".join(out)

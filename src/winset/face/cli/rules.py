"""`winset rules`: what each diagnostic means."""

from __future__ import annotations

import argparse
import dataclasses
import difflib

from winset.face.cli.screen import Screen

NAME = "rules"
SUMMARY = "explain a diagnostic by its code, or list them all"
ABOUT = """\
Explains a diagnostic: what the rule asks for, why, a text that breaks it and
the same text mended. Without a code, lists every rule in one line."""
EXAMPLES = """\
examples:
  winset rules           prints every code with its meaning
  winset rules S101      explains one
  winset rules --json    all of them as data
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("code", metavar="CODE", nargs="?", default="", help="such as S101; all without one")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Explains one rule or lists all."""
    import winset

    code = arguments.code.upper()
    if code and code not in winset.RULES:
        near = difflib.get_close_matches(code, winset.RULES, n=1)
        told = f"did you mean {near[0]}?" if near else "see `winset rules`"
        screen.failed(f"there is no rule {code}; {told}", as_json=arguments.json)
        return 2
    chosen = [winset.RULES[code]] if code else list(winset.RULES.values())
    if arguments.json:
        screen.json([dataclasses.asdict(rule) for rule in chosen])
        return 0
    if not code:
        for rule in chosen:
            screen.wrap(rule.what, indent=f"{rule.code}  ", hang="      ")
        return 0
    rule = chosen[0]
    screen.print(screen.paint(f"{rule.code}  {rule.what}" + ("  (a warning)" if rule.warning else ""), "bold"))
    screen.wrap(rule.why, indent="  ")
    for label, text in (("not", rule.bad), ("but", rule.good)):
        first, *rest = text.replace("\\n", "\n").splitlines() or [""]
        screen.print(f"  {label}:  {first}")
        for line in rest:
            screen.print(f"        {line}")
    screen.wrap(rule.fix, indent="  fix:  ", hang="        ")
    return 0

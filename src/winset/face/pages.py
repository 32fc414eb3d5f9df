"""The reference pages that are made from the code: the command line, the façade, the rules, the solvers.

`python -m winset.face.pages DIR` writes them into a folder.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, is_typeddict

import winset
from winset.face.cli.main import VERBS, module_of

_CLI = """# The command line

This page is made from the code (`make pages`); do not edit it by hand. Every verb teaches itself: `winset VERB --help`.

Results go to standard output, messages to standard error. Output fits 80 columns and carries no colour when piped.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | a claim fails (`brief`, `claims`), or a file is not in canonical form (`format --check`) |
| 2 | bad input: every problem is printed |
| 130 | stopped by Ctrl-C, which leaves nothing half-written |

Compiled kernels and finished answers are kept in the user's cache folder (`winset` in `~/.cache` on Linux).
`WINSET_CACHE` names another folder, `NUMBA_CACHE_DIR` another one for kernels alone; `--no-cache` computes anew.
`WINSET_THREADS` says how many threads to use, by default one a core. `NO_COLOR` turns colour off.
"""

_PYTHON = """# From Python

This page is made from the code (`make pages`); do not edit it by hand. Everything public is a name of the module
`winset`; importing it loads nothing else, each name is fetched when it is first used.

```python
import winset

scenario = winset.read("beer-quiche")
print(winset.ask(scenario, "strategy(stranger plays beer if weak)").value)
```

The same from a loop, over values of a parameter:

```python
import winset

scenario = winset.read("fearon-ultimatum")
for share in (0.2, 0.5, 0.8):
    print(share, winset.ask(scenario, "P(b plays fight)", values={"resolute": share}).value)
```

A scenario can be built without a file; the nesting is that of [the language](language.md):

```python
import winset

scenario = winset.build(
    scenario="Entry",
    clock={"rounds": 1},
    players={"entrant": {}, "incumbent": {"types": {"tough": 0.3, "weak": "rest"}}},
    round=[
        {"move": "entry", "by": "entrant", "actions": {"enter": {"then": {"entered": True}}, "stay_out": {}}},
        {
            "move": "answer",
            "by": "incumbent",
            "if": "entered",
            "actions": {
                "fight": {"pays": {"entrant": -1, "incumbent": "if incumbent is tough then 0 else -1"}},
                "share": {"pays": {"entrant": 1, "incumbent": "if incumbent is tough then -1 else 0"}},
            },
        },
    ],
    state={"entered": {"start": False}},
)
print(winset.ask(scenario, "strategy(entrant plays enter)").value)
```

Results print as a few lines in a terminal and as tables in a notebook. A brief and a forecast are dictionaries of plain
JSON data all the same. With `pip install "winset[frames]"` any result becomes a data frame, and what has dimensions a
data set:

```python
import winset

forecast = winset.forecast(winset.read("chain-store"))
print(winset.to_pandas(forecast, table="actions").unstack(["move", "by", "action"]))
print(winset.to_xarray(forecast, table="actions")["probability"].sel(action="enter").values)
```

Game files are read, solved by the method that fits, and certified:

```python
import winset

game = winset.read_game(\"\"\"NFG 1 R "battle of the sexes" { "Ann" "Bob" } { { "opera" "fight" } { "opera" "fight" } }
2 1 0 0 0 0 1 2\"\"\")
print(winset.solve_game(game))
```

Other names of the module serve the command line; they are not listed here and may change without notice.
"""


def cli_page() -> str:
    """The page of the command line, from the parsers of its verbs."""
    parts = [_CLI]
    for module in map(module_of, VERBS):
        parser = argparse.ArgumentParser(prog=f"winset {module.NAME}", add_help=False)
        module.add_arguments(parser)
        parts.append(f"## winset {module.NAME}\n\n{module.ABOUT.strip()}\n")
        rows = [f"| `{_spelled(action)}` | {action.help or ''} |" for action in parser._actions]
        if rows:
            parts.append("| argument | means |\n| --- | --- |\n" + "\n".join(rows) + "\n")
        parts.append("```\n" + inspect.cleandoc(module.EXAMPLES.split("\n", 1)[1]).strip() + "\n```\n")
    return "\n".join(parts)


def _spelled(action: argparse.Action) -> str:
    shown = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    shown = shown.replace("|", " or ")
    if action.choices:
        shown = " or ".join(map(str, action.choices))
    if not action.option_strings:
        return f"[{shown}]" if action.nargs == "?" else shown
    return ", ".join(action.option_strings) + (f" {shown}" if action.nargs != 0 else "")


def python_page() -> str:
    """The page of the façade, from the signatures and docstrings."""
    functions = [name for name in winset.__all__ if name[0].islower()]
    errors = [name for name in winset.__all__ if name.endswith("Error")]
    classes = [name for name in winset.__all__ if name[0].isupper() and name not in errors]
    parts = [_PYTHON, "## Functions\n", *map(_function, functions), "## Results\n", *map(_class, classes)]
    parts += ["## Errors\n", *map(_class, errors)]
    return "\n".join(parts)


def _function(name: str) -> str:
    function = getattr(winset, name)
    return f"### {name}\n\n```python\n{_signature(name, function)}\n```\n\n{_doc(function)}\n"


def _signature(name: str, function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    words: list[str] = []
    starred = False
    for parameter in signature.parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            words, starred = [*words, "*"], True
        words.append(str(parameter).replace("'", "", 2) if ": '" in str(parameter) else str(parameter))
    returns = str(signature.return_annotation).strip("'")
    short = f"winset.{name}({', '.join(words)}) -> {returns}"
    if len(short) <= 110:
        return short
    return f"winset.{name}(\n" + "".join(f"    {word},\n" for word in words) + f") -> {returns}"


def _class(name: str) -> str:
    kind = getattr(winset, name)
    methods = [
        f"- `{key}`: {(inspect.getdoc(value) or '').splitlines()[0]}"
        for key, value in vars(kind).items()
        if not key.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, property | cached_property | staticmethod))
        if inspect.getdoc(value)
    ]
    listed = "\n**Offers**\n\n" + "\n".join(methods) + "\n" if methods else ""
    text = _doc(kind)
    if is_typeddict(kind):
        others = [f"`{key}`" for key in kind.__annotations__ if f"- `{key}`" not in text]
        rest = textwrap.fill(f"- {', '.join(others)}", 116, subsequent_indent="  ", break_on_hyphens=False)
        text = f"{text.rstrip().replace('**Attributes**', '**Keys**')}\n{rest}"
    return f"### {name}\n\n{text}\n{listed}"


def _doc(thing: Any) -> str:
    """A Google docstring as Markdown: its sections as lists."""
    lines: list[str] = []
    inside = False
    for line in (inspect.getdoc(thing) or "").splitlines():
        if re.fullmatch(r"(Args|Returns|Raises|Attributes|Yields):", line):
            inside = True
            lines += [f"**{line[:-1]}**", ""]
        elif inside and line.startswith("    ") and not line.startswith("     "):
            word, colon, rest = line.strip().partition(": ")
            lines.append(f"- `{word}`: {rest}" if colon and len(word) < 60 else f"- {line.strip()}")
        elif inside and line.startswith("     "):
            lines.append("  " + line.strip())
        else:
            inside = inside and not line.strip()
            lines.append(line)
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Every made page by the name of its file."""
    blocks = {f"blocks/{name}": text for name, text in winset.block_pages().items()}
    made = {"cli.md": cli_page(), "python.md": python_page(), "rules.md": winset.rules_page()}
    return made | {"solvers.md": winset.solvers_page()} | blocks


def main(folder: str) -> None:
    """Writes the pages into a folder."""
    for name, text in pages().items():
        (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

"""The command line's entry point: one parser, one verb a file, one place where errors become exit codes.

Exit codes: 0 done; 1 a claim fails, or a file is not in canonical form; 2 bad input; 130 stopped by Ctrl-C.
Only the verb that is asked for is loaded, and its module imports no numeric library, template engine or progress bar
before its `run` needs it.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from winset.base.errors import ScenarioError, SizeError, SolveError, WinsetError
from winset.base.version import __version__
from winset.face.cli.screen import WIDEST, Screen

VERBS = (
    "brief", "check", "format", "expand", "solve", "ask", "claims", "forecast", "follow", "hindcast", "explain",
    "robust", "what-if-true", "diff", "convert", "list", "new", "rules", "schema", "cite",
)  # fmt: skip
BAD_INPUT = 2
STOPPED = 130

ABOUT = "Write a negotiation as a scenario; solve it as a game; check what is said of it."
EPILOG = """\
start here:
  winset list                      the scenarios that come with winset
  winset brief us-dprk-2019        solve one and read its brief
  winset new talks.yaml            a commented scenario to change
  winset check talks.yaml          every problem, its place and the fix
  winset VERB --help               what a verb prints, with examples

exit codes: 0 done, 1 a claim fails, 2 bad input
"""


def module_of(verb: str) -> ModuleType:
    """The module of a verb; where its name cannot be a module's, the module's ends with `_`."""
    name = verb.replace("-", "_")
    return import_module(f"winset.face.cli.{name}_" if verb in ("format", "list") else f"winset.face.cli.{name}")


def parser(verbs: Sequence[str] = VERBS) -> argparse.ArgumentParser:
    """The parser of the command line, as far as it is about these verbs."""
    root = argparse.ArgumentParser(
        prog="winset", description=ABOUT, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    root.add_argument("--version", action="version", version=f"winset {__version__}")
    parsers = root.add_subparsers(dest="verb", metavar="VERB", required=True, title="verbs")
    for module in map(module_of, verbs):
        sub = parsers.add_parser(
            module.NAME,
            help=module.SUMMARY,
            description=module.ABOUT,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return root


_OPTION = re.compile(r"--?|--?[A-Za-z][\w-]*(=.*)?|-[\d.]+", re.DOTALL)


def _word(given: str) -> str:
    """A word of the command line; a formula that begins with a minus gets a blank, so that it is no option."""
    return f" {given}" if given.startswith("-") and not _OPTION.fullmatch(given) else given


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the words after `winset`; by default those of the process.

    Returns:
        The exit code.
    """
    os.environ.setdefault("COLUMNS", str(min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)))  # for argparse
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    words = [_word(given) for given in (sys.argv[1:] if argv is None else argv)]
    root = parser(words[:1] if words and words[0] in VERBS else VERBS)
    if not words:
        root.print_help(sys.stderr)
        return BAD_INPUT
    if not words[0].startswith("-") and words[0] not in VERBS:
        near = difflib.get_close_matches(words[0], VERBS, 1)
        hint = f"did you mean `winset {near[0]}`?" if near else f"there are {', '.join(VERBS)}"
        root.error(f"there is no verb `{words[0]}`; {hint}")
    screen = Screen()
    arguments = root.parse_args(words)
    as_json = getattr(arguments, "json", False) in (True, "-")  # a file's name asks for data there, not on the screen
    try:
        code: int = arguments.run(arguments, screen)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of a pipe has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ScenarioError, SizeError) as error:
        screen.diagnostics(error.diagnostics, as_json=as_json)
    except SolveError as error:
        screen.failed(f"the solution has not the promised quality: {error}", as_json=as_json)
    except WinsetError as error:
        screen.failed(str(error), as_json=as_json)
    except OSError as error:
        screen.failed(f"{error.filename or 'standard output'}: {error.strerror or error}", as_json=as_json)
    except MemoryError:
        screen.failed("there is not enough memory for this scenario; see `winset solve --size`", as_json=as_json)
    except KeyboardInterrupt:
        screen.error("stopped; nothing was written")
        return STOPPED
    return BAD_INPUT

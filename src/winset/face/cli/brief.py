"""`winset brief`: solve, certify, forecast, judge the claims; print the summary, write the page."""

from __future__ import annotations

import argparse
import errno
import json
import time
from pathlib import Path

from winset.base.errors import WinsetError
from winset.base.words import plural
from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen, check_folder, dumped, write

NAME = "brief"
SUMMARY = "solve a scenario and print its answers; write them as a page"
ABOUT = """\
Solves the scenario, certifies the solution, forecasts, answers the questions
and judges the claims. Prints a summary; with --out it also writes NAME.html,
one page that needs no network, NAME.md, the same as Markdown, and NAME.json,
the same as data.
Ends with 1 if a claim fails."""
EXAMPLES = """\
examples:
  winset brief us-dprk-2019               prints the summary
  winset brief us-dprk-2019 --out brief   also writes page, text and data there
  winset brief talks.yaml --json          prints the brief as JSON
  winset brief talks.yaml --variant known_weak
                                          takes a variant for the base
  winset follow talks.yaml --json record.json
  winset brief talks.yaml --out brief --with record.json
                                          shows the record followed as well
"""
CLAIM_FAILS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write the page, the text and the data into this folder"
    )
    parser.add_argument("--json", action="store_true", help="print the brief as JSON instead of the summary")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument(
        "--with", metavar="FILE", nargs="+", type=Path, default=[], dest="beside",
        help="also show what follow, robust or hindcast wrote with --json",
    )  # fmt: skip


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Makes one brief."""
    import winset

    began = time.perf_counter()
    if arguments.out is not None:
        check_folder(arguments.out)
    with winset.ahead():
        scenario = winset.read(arguments.file)
        if arguments.out is not None:
            _refuse(_targets(scenario.file, arguments.variant, arguments.out))
        results = [_read(path) for path in arguments.beside]
        names = [str(path) for path in arguments.beside]
        if results:  # what does not fit is said before anything is solved
            winset.fitting_results(results, scenario=scenario, variant=arguments.variant, names=names)
        if scenario.warnings:
            screen.say(f"{plural(len(scenario.warnings), 'warning')}; see `winset check {arguments.file}`")
        with prepared(screen), screen.progress("Solving") as step:
            brief = winset.brief(scenario, variant=arguments.variant, cache=not arguments.no_cache, progress=step)
    brief = winset.beside(brief, scenario=scenario, results=results)
    written = _write(dict(brief), arguments.out) if arguments.out is not None else []
    if arguments.json:
        screen.json(brief)
    else:
        from winset.face.text import summary

        for line in summary(dict(brief), width=screen.width, paint=screen.paint):
            screen.print(line)
        screen.print()
        for line in _ending(written, arguments):
            screen.print(line)
    screen.say(f"done in {time.perf_counter() - began:.1f} s")
    return CLAIM_FAILS if any(claim["verdict"] == "fails" for claim in brief["claims"]) else 0


def _read(path: Path) -> object:
    """The data that another verb wrote.

    Raises:
        WinsetError: the file holds no data.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        fix = "Give a file that follow, robust or hindcast wrote with --json."
        raise WinsetError(f"{path} holds no JSON data\n    fix: {fix}") from None


def _targets(file: str, variant: str, folder: Path) -> list[Path]:
    """Where the page, the text and the data of a brief go."""
    stem = Path(file).name.removesuffix(".yaml") or "brief"
    stem += f"-{variant}" if variant else ""
    return [folder / f"{stem}{end}" for end in (".html", ".md", ".json")]


def _refuse(targets: list[Path]) -> None:
    """Makes sure, before any work is done, that nothing is lost: each is free, or a file of ours.

    Raises:
        OSError: a folder stands there, or a text that is no brief.
    """
    from winset.face.markdown import is_brief

    for path in targets:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{path.name} is a folder", str(path))
        if path.suffix == ".md" and path.is_file() and not is_brief(path.read_text(encoding="utf-8", errors="replace")):
            raise FileExistsError(errno.EEXIST, f"{path.name} is there and is no brief: name another folder", str(path))


def _write(brief: dict[str, object], folder: Path) -> list[Path]:
    from winset.face.html import render
    from winset.face.markdown import markdown

    stamp = brief["stamp"]
    assert isinstance(stamp, dict)
    page, plain, data = _targets(str(stamp["file"]), str(brief["variant"]), folder)
    texts = {page: render(brief), plain: markdown(brief), data: dumped(brief) + "\n"}
    for path, text in texts.items():
        write(path, text)
    return [page, plain, data]


def _ending(written: list[Path], arguments: argparse.Namespace) -> list[str]:
    if written:
        return [f"the page: {written[0]}", f"the text: {written[1]}", f"the data: {written[2]}"]
    return [f"the page with charts: winset brief {arguments.file} --out brief"]

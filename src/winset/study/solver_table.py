"""Every solver, what it solves, and how far it has been verified: the page of solvers is made from this table."""

from __future__ import annotations

from dataclasses import dataclass

VERIFIED, LIGHT, PROBLEM = "verified", "light", "known problem"


@dataclass(frozen=True, kw_only=True)
class Solver:
    """A solver.

    Attributes:
        name: in words.
        method: key for `winset solve --method` of a game file; "" where it is not asked for by name.
        file: where it is, under `src/winset`.
        solves: which games.
        gives: what comes out.
        status: `verified`, held against truth that is not its own by the tests named; `light`, tested by properties
            and examples only; `known problem`, verified but for what `problem` says.
        tests: files of tests.
        problem: what is known not to work.
        sources: keys of `winset.study.sources.SOURCES`.
    """

    name: str
    method: str = ""
    file: str
    solves: str
    gives: str
    status: str
    tests: tuple[str, ...]
    problem: str = ""
    sources: tuple[str, ...]


SOLVERS = (
    Solver(
        name="belief grid", file="solve/backward.py",
        solves="scenarios: private types, hidden actions, chance, any number of rounds or without end",
        gives="the principal agent logit equilibrium whose strategies depend on state and public belief",
        status=VERIFIED, tests=("tests/truth/test_exact_agreement.py", "tests/truth/test_shelf.py",
                                "tests/truth/test_invariance.py"),
        problem="values between nodes are interpolated; an infinite game may be found not stationary, and says so",
        sources=("fudenberg1991", "mckelvey1995", "mckelvey1998", "turocy2005", "fritsch1980", "fritsch1984",
                 "vasal2019"),
    ),
    Solver(
        name="exact histories", file="solve/exact.py", solves="small finite scenarios", status=VERIFIED,
        gives="the same equilibrium at exact beliefs, in other code: the oracle for the grid",
        tests=("tests/truth/test_exact_agreement.py",), sources=("mckelvey1998", "turocy2005"),
    ),
    Solver(
        name="other equilibria", file="solve/others.py", solves="the first choice of a scenario; stationary play",
        gives="equilibria beside the principal one", status=PROBLEM, tests=("tests/truth/test_equilibria.py",),
        problem="the search is not exhaustive: a pair to which no start leads is missed", sources=("mckelvey1995",),
    ),
    Solver(
        name="answer to a misperception", file="solve/aware.py", solves="variants with `perceives` and `aware`",
        gives="the logit answer of a side that knows of the other's error", status=VERIFIED,
        tests=("tests/truth/test_misperceived.py", "tests/rooms/study/test_misperceived.py"), sources=(),
    ),
    Solver(
        name="backward induction", method="backward", file="solve/extensive/backward_induction.py",
        solves="trees of perfect information, any number of players", gives="a pure subgame-perfect equilibrium",
        status=VERIFIED, tests=("tests/rooms/extensive/test_backward_induction.py",), sources=("kuhn1953",),
    ),
    Solver(
        name="sequence-form linear programme", method="zero-sum", file="solve/extensive/zero_sum.py",
        solves="two-player trees and tables whose payoffs add up to a constant, of perfect recall",
        gives="one equilibrium and the value", status=VERIFIED, tests=("tests/rooms/extensive/test_zero_sum.py",),
        problem="off the path of play the equilibrium need not be the best answer to mistakes",
        sources=("koller1996", "huangfu2018", "stengel1996"),
    ),
    Solver(
        name="regret minimisation", method="regret", file="solve/extensive/regret.py",
        solves="two-player trees and tables whose payoffs add up to a constant, too large for a linear programme",
        gives="a profile at which both together could gain no more than is asked for", status=VERIFIED,
        tests=("tests/rooms/extensive/test_regret.py", "tests/truth/test_openspiel.py"),
        problem="no exact value: another digit takes two to three times the turns",
        sources=("zinkevich2007", "tammelin2014", "brown2019", "farina2021", "xu2024", "meng2025", "stengel1996"),
    ),
    Solver(
        name="all equilibria in fractions", method="all-equilibria", file="solve/extensive/all_equilibria.py",
        solves="small two-player trees and tables", gives="all extreme equilibria and the components they span",
        status=VERIFIED, tests=("tests/rooms/extensive/test_all_equilibria.py",),
        problem="steps grow beyond every bound with the strategies; the budget says when",
        sources=("mangasarian1964", "avis2010", "motzkin1953", "stengel2002", "millham1974", "winkels1979",
                 "kuhn1953"),
    ),
    Solver(
        name="logit path", method="logit", file="solve/extensive/logit.py",
        solves="trees and tables of perfect recall, any number of players, a million nodes",
        gives="the principal agent logit equilibrium at λ, the path to it, and its limit", status=VERIFIED,
        tests=("tests/truth/test_gambit_logit.py", "tests/truth/test_logit_closed_forms.py",
               "tests/truth/test_canon.py", "tests/rooms/extensive/test_logit.py"),
        problem="a path with the folds of very many subgames gets long; through a branching point of a symmetric game "
                "it goes straight on, and in small games says so",
        sources=("mckelvey1995", "mckelvey1998", "turocy2005", "turocy2010", "allgower1990", "saad1986"),
    ),
    Solver(
        name="logit path, subgame by subgame", method="logit-by-subgame", file="solve/extensive/by_subgame.py",
        solves="the same, of many subgames", gives="an agent logit equilibrium at λ, or the limit in each subgame",
        status=VERIFIED, tests=("tests/rooms/extensive/test_by_subgame.py",),
        problem="above subgames the branch may be another than that of the path of the whole tree",
        sources=("mckelvey1998", "selten1975", "turocy2005", "turocy2010", "allgower1990", "saad1986"),
    ),
    Solver(
        name="stationary logit path", file="solve/markov/logit.py",
        solves="discounted stochastic games of complete information, as arrays or from a scenario without end",
        gives="the stationary logit equilibrium on the principal branch at λ, and the limit of that branch",
        status=VERIFIED, tests=("tests/rooms/markov/test_markov_solver.py", "tests/truth/test_markov_form.py",
                                "tests/truth/test_sgamesolver.py"),
        problem="memory grows with the square of players times states; from Python only",
        sources=("eibelshaeuser2019", "mckelvey1998", "rheinboldt1980", "allgower1990", "shapley1953", "fink1964",
                 "howard1960"),
    ),
)  # fmt: skip


def solvers_page() -> str:
    """The page of solvers in Markdown."""
    from winset.study.sources import cited  # beside the table, so that importing this stays light

    parts = [_HEAD]
    for row in SOLVERS:
        asked = f" (`--method {row.method}`)" if row.method else ""
        tests = ", ".join(f"`{name}`" for name in row.tests)
        lines = [f"- solves: {row.solves}", f"- gives: {row.gives}", f"- status: **{row.status}**; held by {tests}"]
        lines += [f"- known: {row.problem}"] * bool(row.problem)
        lines += [f"- code: `src/winset/{row.file}`"]
        names = [f"{s.text().partition(' (')[0]} {s.year}" for s in cited(row.sources)]
        lines += [f"- sources: {'; '.join(names)}"] * bool(names)
        parts.append(f"## {row.name.capitalize()}{asked}\n\n" + "\n".join(_wrapped(line) for line in lines) + "\n")
    return "\n".join(parts)


def _wrapped(line: str) -> str:
    import textwrap

    return textwrap.fill(line, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


_HEAD = """# Solvers

This page is made from the code (`make pages`); do not edit it by hand. `winset solve` chooses among them and says why;
what was found is certified by code that no solver shares. `winset cite` prints the sources of a run.

| status | means |
| --- | --- |
| verified | held against truth that is not its own: closed forms, published numbers, other programs, slow oracles |
| light | held by properties and examples only |
| known problem | verified but for what stands under *known* |
"""

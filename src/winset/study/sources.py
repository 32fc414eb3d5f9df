"""What the methods rest on: the works that the code cites, as data; and which of them a run has used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """A work.

    Attributes:
        key: as BibTeX would call it.
        authors: each as `Family, Given`; a given name may be missing.
        year: of publication.
        title: empty where the code names only author and year.
        venue: journal or publisher, empty likewise.
        where: volume and pages, empty likewise.
        book: whether it is one.
        used: what winset takes from it.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str = ""
    venue: str = ""
    where: str = ""
    book: bool = False
    used: str

    def text(self) -> str:
        """One line: authors, year, title, venue."""
        families = [name.partition(",")[0] for name in self.authors]
        names = " and ".join(families) if len(families) < 3 else ", ".join(families[:-1]) + " and " + families[-1]
        about = ". ".join(part for part in (self.title, " ".join(p for p in (self.venue, self.where) if p)) if part)
        return f"{names} ({self.year}). {about}".rstrip(". ") + f". Used for: {self.used}."

    def bibtex(self) -> str:
        """An entry for BibTeX; what is not known is left out."""
        kind = "book" if self.book else "article" if self.venue else "misc"
        volume, _, pages = self.where.partition(": ")
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{self.title}}}" if self.title else "",
            "publisher" if self.book else "journal": self.venue,
            "volume": volume,
            "pages": pages.replace("-", "--"),
            "year": str(self.year),
            "note": f"Used by winset for {self.used}",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@{kind}{{{self.key},\n{body}\n}}"


_GEB, _ET = "Games and Economic Behavior", "Economic Theory"
_SIAM = "Journal of the Society for Industrial and Applied Mathematics"
_ROWS = (
    Source(key="allgower1990", authors=("Allgower, E. L.", "Georg, K."), year=1990, book=True, venue="Springer",
           title="Numerical Continuation Methods: An Introduction", used="following a path by predictor and corrector"),
    Source(key="avis2010", authors=("Avis, D.", "Rosenberg, G. D.", "Savani, R.", "von Stengel, B."), year=2010,
           title="Enumeration of Nash equilibria for two-player games", venue=_ET, where="42: 9-37",
           used="extreme equilibria as pairs of corners"),
    Source(key="brown2019", authors=("Brown", "Sandholm"), year=2019, used="discounting of old regrets"),
    Source(key="eibelshaeuser2019", authors=("Eibelshäuser", "Poensgen"), year=2019,
           used="stationary logit equilibria by a path from uniform play"),
    Source(key="farina2021", authors=("Farina", "Kroer", "Sandholm"), year=2021,
           used="the last regret as a forecast of the next"),
    Source(key="fink1964", authors=("Fink",), year=1964, used="stationary equilibria of stochastic games"),
    Source(key="fritsch1980", authors=("Fritsch", "Carlson"), year=1980,
           used="values between nodes of the belief grid"),
    Source(key="fritsch1984", authors=("Fritsch", "Butland"), year=1984, used="slopes of that interpolant"),
    Source(key="fudenberg1991", authors=("Fudenberg", "Tirole"), year=1991,
           used="perfect Bayesian equilibrium (ch. 8)"),
    Source(key="howard1960", authors=("Howard",), year=1960, used="policy iteration, which certifies stationary play"),
    Source(key="huangfu2018", authors=("Huangfu", "Hall"), year=2018, used="HiGHS, which solves linear programmes"),
    Source(key="koller1996", authors=("Koller, D.", "Megiddo, N.", "von Stengel, B."), year=1996, venue=_GEB,
           title="Efficient computation of equilibria for extensive two-person games", where="14: 247-259",
           used="zero-sum trees as a linear programme over sequences"),
    Source(key="kuhn1953", authors=("Kuhn",), year=1953,
           used="perfect recall, behaviour strategies, backward induction"),
    Source(key="mangasarian1964", authors=("Mangasarian, O.",), year=1964, venue=_SIAM, where="12: 778-780",
           title="Equilibrium points in bimatrix games", used="extreme equilibria of two-player games"),
    Source(key="mckelvey1995", authors=("McKelvey, R.", "Palfrey, T."), year=1995, venue=_GEB, where="10: 6-38",
           title="Quantal response equilibria for normal form games",
           used="logit equilibrium and its principal branch"),
    Source(key="mckelvey1998", authors=("McKelvey, R.", "Palfrey, T."), year=1998, venue="Experimental Economics",
           title="Quantal response equilibria for extensive form games", where="1: 9-41",
           used="agent logit equilibrium"),
    Source(key="meng2025", authors=("Meng", "others"), year=2025, used="a forecast by less than the whole last regret"),
    Source(key="millham1974", authors=("Millham",), year=1974, used="maximal Nash subsets"),
    Source(key="motzkin1953", authors=("Motzkin", "others"), year=1953,
           used="corners by the double description method"),
    Source(key="rheinboldt1980", authors=("Rheinboldt",), year=1980, used="which coordinate a step along a path moves"),
    Source(key="saad1986", authors=("Saad", "Schultz"), year=1986, used="GMRES, linear systems without a matrix"),
    Source(key="selten1975", authors=("Selten, R.",), year=1975, where="4: 25-55",
           title="Reexamination of the perfectness concept for equilibrium points in extensive games",
           venue="International Journal of Game Theory", used="subgames and perfect recall"),
    Source(key="shapley1953", authors=("Shapley",), year=1953, used="stochastic games"),
    Source(key="stengel1996", authors=("von Stengel",), year=1996, used="best responses over sequences, which certify"),
    Source(key="stengel2002", authors=("von Stengel",), year=2002, title="Computing equilibria for two-person games",
           used="best-response polytopes"),
    Source(key="tammelin2014", authors=("Tammelin",), year=2014, used="CFR+: negative regrets are forgotten"),
    Source(key="turocy2005", authors=("Turocy, T. L.",), year=2005, venue=_GEB, where="51: 243-263",
           title="A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence",
           used="the numerical method of the logit path"),
    Source(key="turocy2010", authors=("Turocy, T. L.",), year=2010, venue=_ET, where="42: 255-269",
           title="Using quantal response to compute Nash and sequential equilibria",
           used="the logit path of trees, to its limit"),
    Source(key="vasal2019", authors=("Vasal", "Sinha", "Anastasopoulos"), year=2019,
           used="strategies that depend on the public belief"),
    Source(key="xu2024", authors=("Xu", "others"), year=2024, used="late plans weigh more in the mean"),
    Source(key="winkels1979", authors=("Winkels",), year=1979, used="components of maximal Nash subsets"),
    Source(key="zinkevich2007", authors=("Zinkevich", "others"), year=2007, used="counterfactual regret minimisation"),
)  # fmt: skip
SOURCES = {row.key: row for row in _ROWS}
SCENARIO_SOURCES = (
    "fudenberg1991",
    "mckelvey1995",
    "mckelvey1998",
    "turocy2005",
    "fritsch1980",
    "fritsch1984",
    "vasal2019",
)
"""What solving a scenario on a belief grid rests on."""
CERTIFICATE_SOURCES = ("stengel1996",)
"""What the certificate of a tree rests on."""


def cited(keys: Iterable[str]) -> list[Source]:
    """Sources by their keys, each once, by author and year."""
    return sorted((SOURCES[key] for key in dict.fromkeys(keys)), key=lambda s: (s.authors[0].lower(), s.year))

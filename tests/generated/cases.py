"""Which projects are generated: the bases and scaffolds of `matrix.toml`, alone and together."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count, permutations
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "matrix.toml"
BASES = HERE / "bases"

#: How many scaffolds a case of the pairwise selection has, besides those that they need: many, as
#: most of a case's time goes into what is judged whole.
LENGTH = 12


@dataclass(frozen=True)
class Base:
    """A project to build in."""

    name: str
    #: The app, `module:attribute`.
    app: str
    #: SQLAlchemy's driver for the served app's database, a SQLite file.
    sqlite: str
    #: SQLAlchemy's driver with which its tests reach PostgreSQL, once it requires it.
    postgresql: str
    #: The folder below which modules are found.
    source: str = "."
    #: Whether there is anything to check before something is added.
    starts_empty: bool = False
    #: What requests to the served app are sent with, so that what is guarded is reached.
    headers: dict[str, str] = field(default_factory=dict)
    #: What `{name}` in a command stands for.
    values: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it is."""
        return BASES / self.name


@dataclass(frozen=True)
class Scaffold:
    """Something to add."""

    name: str
    #: Arguments of `routewright`, one command a line.
    commands: list[str]
    #: Scaffolds that have to be there before, by base or for all (`*`).
    needs: dict[str, list[str]] = field(default_factory=dict)
    #: Scaffolds that it stands behind where they are in a case too: it builds on what they bring.
    after: list[str] = field(default_factory=list)
    #: The bases that it is for; all where none is named.
    bases: list[str] = field(default_factory=list)
    #: The bases of which a diff is kept; all where that is left out.
    goldens: list[str] | None = None
    #: Variables of the environment that the app needs from then on; `{rsa_key}` is a key in PEM.
    environment: dict[str, str] = field(default_factory=dict)
    #: Whether it meets no other one: it differs from one that does in itself alone.
    alone: bool = False


@dataclass(frozen=True)
class Case:
    """Scaffolds in a base, one after the other."""

    base: Base
    scaffolds: tuple[Scaffold, ...]

    @property
    def name(self) -> str:
        """The base and what is added, `flat+errors+resource`."""
        return "+".join([self.base.name, *(scaffold.name for scaffold in self.scaffolds)])

    def commands(self) -> list[list[str]]:
        """The arguments of each command."""
        return [words for scaffold in self.scaffolds for words in self.arguments(scaffold)]

    def arguments(self, scaffold: Scaffold) -> list[list[str]]:
        """The arguments of each command of a scaffold, in this base."""
        return [
            [word.format_map(self.base.values) for word in shlex.split(command)]
            for command in scaffold.commands
        ]

    def environment(self) -> dict[str, str]:
        """Variables that the app needs."""
        variables: dict[str, str] = {}
        for scaffold in self.scaffolds:
            variables |= scaffold.environment
        return variables


class Matrix:
    """All bases and scaffolds."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        """Those of a manifest."""
        self.bases = {name: Base(name, **entry) for name, entry in manifest["base"].items()}
        self.scaffolds = {
            name: Scaffold(name, **entry) for name, entry in manifest.get("scaffold", {}).items()
        }

    @classmethod
    def read(cls) -> Matrix:
        """Those of `matrix.toml`."""
        return cls(tomllib.loads(MANIFEST.read_text(encoding="utf-8")))

    def case(self, name: str) -> Case:
        """The case of a name; `KeyError` with what isn't known of it."""
        base, *scaffolds = name.split("+")
        return Case(self.bases[base], tuple(self.scaffolds[scaffold] for scaffold in scaffolds))

    def fits(self, base: Base, scaffold: Scaffold) -> bool:
        """Whether a scaffold, and what it needs, is for a base."""
        needed = self.with_needs(base, [scaffold])
        return all(base.name in each.bases or not each.bases for each in needed)

    def with_needs(self, base: Base, wanted: Iterable[Scaffold]) -> tuple[Scaffold, ...]:
        """What is wanted in its order, each after what it needs in this base or builds on."""
        wanted = list(wanted)
        found: dict[str, Scaffold] = {}

        def add(scaffold: Scaffold) -> None:
            for name in (*scaffold.needs.get("*", []), *scaffold.needs.get(base.name, [])):
                if name not in found:
                    add(self.scaffolds[name])
            for other in wanted:
                if other.name in scaffold.after and other.name not in found:
                    add(other)
            found.setdefault(scaffold.name, scaffold)

        for scaffold in wanted:
            add(scaffold)
        return tuple(found.values())

    def bare(self) -> list[Case]:
        """The bases as they are."""
        return [Case(base, ()) for base in self.bases.values() if not base.starts_empty]

    def singles(self) -> list[Case]:
        """Each scaffold in each base, with what it needs."""
        return [
            Case(base, self.with_needs(base, [scaffold]))
            for base in self.bases.values()
            for scaffold in self.scaffolds.values()
            if self.fits(base, scaffold)
        ]

    def all(self) -> list[Case]:
        """The bases, each scaffold in each, and any two scaffolds in each, in either order."""
        pairs = [
            Case(base, self.with_needs(base, pair))
            for base in self.bases.values()
            for pair in permutations(self.fitting(base), 2)
        ]
        return distinct([*self.bare(), *self.singles(), *pairs])

    def pairwise(self) -> list[Case]:
        """The bases, and few cases in which each scaffold meets each base and each other one.

        And those that meet no others.
        """
        return distinct([*self.bare(), *self.covering(), *self.alone()])

    def fitting(self, base: Base) -> list[Scaffold]:
        """The scaffolds for a base that meet others."""
        scaffolds = [each for each in self.scaffolds.values() if not each.alone]
        return [each for each in scaffolds if self.fits(base, each)]

    def alone(self) -> list[Case]:
        """Those that meet no others, in the bases of which a diff is kept, where one is."""

        def is_shown(case: Case) -> bool:
            last = case.scaffolds[-1]
            return last.alone and (not last.goldens or case.base.name in last.goldens)

        return [case for case in self.singles() if is_shown(case)]

    def covering(self) -> Iterator[Case]:
        """Cases that cover all pairs: greedily from the first that is left, always the same."""
        left = {pair for base in self.bases.values() for pair in pairs_of(base, self.fitting(base))}
        for number in count():
            if not left:
                return
            base, chosen = self.first(min(left, key=sorted))
            while len(chosen) < LENGTH and (best := self.best(base, chosen, left)):
                chosen.append(best)
            case = Case(base, self.with_needs(base, chosen if number % 2 == 0 else chosen[::-1]))
            left -= pairs_of(base, case.scaffolds)
            yield case

    def best(
        self, base: Base, chosen: list[Scaffold], left: set[frozenset[str]]
    ) -> Scaffold | None:
        """The scaffold whose meetings with those chosen are left most often, if any is."""

        def gain(scaffold: Scaffold) -> int:
            new = pairs_of(base, [*chosen, scaffold]) - pairs_of(base, chosen)
            return len(left & new)

        others = [each for each in self.fitting(base) if each not in chosen]
        best = max(others, key=gain, default=None)
        return best if best is not None and gain(best) else None

    def first(self, pair: frozenset[str]) -> tuple[Base, list[Scaffold]]:
        """A base and scaffolds with a pair in them."""
        scaffolds = [self.scaffolds[name] for name in sorted(pair) if name in self.scaffolds]
        for base in self.bases.values():
            is_meant = base.name in pair or len(scaffolds) == 2
            if is_meant and all(self.fits(base, each) for each in scaffolds):
                return base, scaffolds
        raise KeyError(f"no base for {sorted(pair)}")


def pairs_of(base: Base, scaffolds: Sequence[Scaffold]) -> set[frozenset[str]]:
    """Who meets whom."""
    names = [scaffold.name for scaffold in scaffolds]
    meetings = [*combinations(names, 2), *((base.name, name) for name in names)]
    return {frozenset(meeting) for meeting in meetings}


def distinct(cases: Iterable[Case]) -> list[Case]:
    """The cases without repetition."""
    return list({case.name: case for case in cases}.values())

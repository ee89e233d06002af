"""What is sorted, compared, or found by its order."""

import dataclasses
import enum
import functools
from typing import NamedTuple

from fastapi import FastAPI

app = FastAPI()


def f() -> None: ...


@dataclasses.dataclass(frozen=True, order=True)
class V:
    major: int
    minor: int = 0

    def __str__(self):
        return f"{self.major}-{self.minor:02d}"


A = V(2, 10)
B = V(2, 4)
C = V(1)
for v in sorted({A, B, C, V(2, 4)}):
    app.get(f"/v/{v}")(f)
app.get(f"/max/{max([A, B, C])}")(f)
app.get(f"/min/{min(A, B, C)}")(f)
if A > B:
    app.get("/gt")(f)
if B in (A, V(2, 4)):
    app.get("/in")(f)
if V(1) == C:
    app.get("/eq")(f)


class P(NamedTuple):
    weight: float
    name: str


for p in sorted([P(2.5, "b"), P(1.5, "a")]):
    app.get(f"/p/{p.name}")(f)


class E(enum.IntEnum):
    two = 2
    one = 1


for e in sorted(E):
    app.get(f"/e/{e.name}")(f)


class S(str, enum.Enum):
    b = "beta"
    a = "alpha"


for e in sorted(S):
    app.get(f"/s/{e.value}")(f)


class N(enum.Enum):
    b = "beta"
    a = "alpha"


for e in sorted(N, key=lambda m: m.value):
    app.get(f"/n/{e.name}")(f)


class Spec:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n


for s in sorted([Spec(3), Spec(1)]):
    app.get(f"/lt/{s.n}")(f)


@functools.total_ordering
class T:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n


for s in sorted([T("b"), T("a")], reverse=True):
    app.get(f"/t/{s.n}")(f)
if T(2) >= T(1):
    app.get("/ge")(f)
for x in sorted([(1, "b"), (1, "a"), (0, "z")]):
    app.get(f"/tu/{x[1]}")(f)
xs = [3.5, 1]
xs.sort()
for x in xs:
    app.get(f"/fl/{x}")(f)
for k in sorted(["bb", "a"], key=len):
    app.get(f"/len/{k}")(f)
for k in sorted(["b", "B", "a"], key=str.lower):
    app.get(f"/low/{k}")(f)
for i, (k, v) in enumerate(sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1])):
    app.get(f"/kv/{i}/{k}")(f)
if (1, "a") < (1, "b"):
    app.get("/tl")(f)
if 1.5 < 2:
    app.get("/f")(f)
if not "b" < "a":
    app.get("/st")(f)


class Alias(enum.Enum):
    one = 1
    two = 2
    uno = 1


for a in Alias:
    app.get(f"/alias/{a.name}")(f)

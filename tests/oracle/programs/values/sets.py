"""Sets and mappings: no two items are equal."""

from fastapi import FastAPI

app = FastAPI()


def f() -> None: ...


for v in sorted(set(["a", "b", "a"])):
    app.get(f"/set/{v}")(f)
s = set()
s.add("x")
s.add("x")
for v in s:
    app.get(f"/add/{v}")(f)
for v in sorted({n for n in ["u", "u"]}):
    app.get(f"/comp/{v}")(f)
for v in sorted({"k"} | {"k"}):
    app.get(f"/or/{v}")(f)
for k, v in dict([("a", 1), ("a", 2)]).items():
    app.get(f"/dict/{k}/{v}")(f)
d = {"a": 1, "a": 3}
d.update({"a": 4})
for k, v in d.items():
    app.get(f"/upd/{k}/{v}")(f)
for k, v in {**d, "a": 5}.items():
    app.get(f"/spread/{k}/{v}")(f)
for k, v in (d | {"a": 6}).items():
    app.get(f"/dor/{k}/{v}")(f)
for k in dict.fromkeys(["p", "p"]):
    app.get(f"/fk/{k}")(f)
for k, v in {k: i for i, k in enumerate(["z", "z"])}.items():
    app.get(f"/dc/{k}/{v}")(f)
s.update(["x", "y"])
for v in sorted(s):
    app.get(f"/su/{v}")(f)
for v in sorted(s - {"x"}):
    app.get(f"/minus/{v}")(f)
for v in sorted(s & {"x"}):
    app.get(f"/and/{v}")(f)
for v in sorted(frozenset(["q"]).union(["q", "r"])):
    app.get(f"/un/{v}")(f)

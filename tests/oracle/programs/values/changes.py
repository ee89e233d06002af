"""Lists, sets and mappings that are changed."""

from fastapi import APIRouter, FastAPI

app = FastAPI()


def f() -> None: ...


d = {"a": 1, "b": 2, "c": 3}
del d["a"]
d.pop("b")
for k in d:
    app.get(f"/d/{k}")(f)
l = ["a", "b", "c", "d"]
del l[0]
l.remove("c")
l.insert(-1, "x")
l.insert(0, "y")
for v in l:
    app.get(f"/l/{v}")(f)
app.get(f"/index/{l.index('b')}/{l.count('b')}")(f)
l2 = ["a", "b", "c"]
l2.pop()
l2.pop(0)
l2[-1] = "z"
for v in l2:
    app.get(f"/l2/{v}")(f)
s = {"a", "b"}
s.discard("a")
s.discard("q")
for v in s:
    app.get(f"/s/{v}")(f)
s.remove("b")
if not s:
    app.get("/empty")(f)
e = dict(x=1)
e.clear()
for v in e:
    app.get(f"/never/{v}")(f)
m = {"k": 1, "l": 2}
m["k"] = 3
m.update([("n", 4)], l=5)
for k, v in m.items():
    app.get(f"/m/{k}/{v}")(f)
print(m.popitem())
for k in m:
    app.get(f"/mp/{k}")(f)
big = [1, 2, 3, 4, 5]
del big[1:3]
for v in big:
    app.get(f"/big/{v}")(f)
q = ["b", "a"]
q.sort()
q.reverse()
for v in q:
    app.get(f"/q/{v}")(f)
if {"a"}.issubset({"a", "b"}):
    app.get("/sub")(f)
for name, group in zip(["a", "b"], ["x", "y"]):
    app.get(f"/z/{name}/{group}")(f)
for i in map(str.upper, ["a"]):
    app.get(f"/up/{i}")(f)
opts = {**{"p": 1}, "p": 2, "o": 1}
for k, v in opts.items():
    app.get(f"/opts/{k}/{v}")(f)
r = APIRouter()
r.get("/r1")(f)
r.get("/r2")(f)
del r.routes[0]
app.include_router(r)
w = [*"ab"]
while w:
    app.get(f"/w/{w.pop()}")(f)

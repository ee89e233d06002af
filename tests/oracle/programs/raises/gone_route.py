"""The same, as a decorator."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


@app.route("/plain")  # type: ignore[attr-defined]
def plain(request: object) -> None: ...

"""A kind of parameter that there is not."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


@app.get("/{number:uuidd}")
def read(number: str) -> None: ...

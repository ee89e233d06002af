"""An app is not a router."""

from fastapi import FastAPI

app = FastAPI()
other = FastAPI()


@app.get("/first")
def first() -> None: ...


@other.get("/other")
def of_other() -> None: ...


app.include_router(other, prefix="/other")


@app.get("/last")
def last() -> None: ...

"""An app whose name another one takes over."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/gone")
def gone() -> None: ...


app = FastAPI()


@app.get("/served")
def served() -> None: ...

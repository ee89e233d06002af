"""A prefix begins with a slash."""

from fastapi import FastAPI
from refused import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.router, prefix="v1")

"""A module is not the router in it."""

from fastapi import FastAPI
from refused import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole, prefix="/whole")  # type: ignore[arg-type]

"""It falls with what it imports."""

from fastapi import FastAPI
from refused import prefix_ends_with_slash

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.mount("/other", prefix_ends_with_slash.app)

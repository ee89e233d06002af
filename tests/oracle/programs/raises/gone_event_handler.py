"""The same, of handlers."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.add_event_handler("startup", first)  # type: ignore[attr-defined]

"""A name that nothing binds."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(nowhere, prefix="/nowhere")  # type: ignore[name-defined]  # noqa: F821

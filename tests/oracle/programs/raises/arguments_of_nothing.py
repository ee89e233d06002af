"""A class that takes none."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


class Plain:
    """Nothing to fill."""


plain = Plain("/x")  # type: ignore[call-arg]
app.include_router(whole.router)

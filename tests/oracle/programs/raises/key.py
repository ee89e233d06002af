"""A key that the table does not have."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.TABLE["two"])

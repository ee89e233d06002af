"""Who catches a base of the project's own exception goes on."""

from fastapi import FastAPI

from raises import whole


class MissingError(LookupError):
    """One of ours."""


def find(name: str) -> str:
    raise MissingError(name)


app = FastAPI()
try:
    prefix = find("x")
except KeyError:
    prefix = "/key"
except LookupError:
    prefix = "/lookup"
app.include_router(whole.router, prefix=prefix)

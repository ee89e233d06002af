"""Only where somebody sets what nobody sets."""

import os

from fastapi import FastAPI

from raises import whole

app = FastAPI()


def check() -> None:
    if os.environ.get("ROUTEWRIGHT_UNHEARD_OF"):
        raise RuntimeError("unheard of")
    if not whole.settings.debug:
        return
    assert False, "debugged"  # noqa: B011


check()
if whole.settings.debug:
    app.include_router(whole.TABLE["two"])
app.include_router(whole.router)

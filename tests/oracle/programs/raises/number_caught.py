"""A number that is not one, and what is taken instead."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


def version_of(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 1


app.include_router(whole.router, prefix=f"/v{version_of('latest')}")
app.include_router(whole.router, prefix=f"/v{version_of(' 1_0 ')}")
try:
    rate = float("fast")
except (TypeError, ValueError):
    app.include_router(whole.router, prefix="/slow")
rates = [float("1e3"), float("-inf"), float(" .5 "), float("5."), int("+7")]
app.include_router(whole.router, prefix=f"/{len(rates)}")

"""Who catches it goes on."""

from fastapi import APIRouter, FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


try:
    app.include_router(APIRouter(prefix="wrong"))
except AssertionError as error:
    print(error)

"""The same, in the prefix of a router."""

from fastapi import APIRouter, FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


router = APIRouter(prefix="/{number:integer}")


@router.get("/of")
def read(number: int) -> None: ...


app.include_router(router)

"""A parameter has one value."""

from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/{name}")


@router.get("/of/{name}")
def read(name: str) -> None: ...


app.include_router(router)

"""A path operation needs a path from somewhere."""

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("")
def read() -> None: ...


app = FastAPI()
app.include_router(router)

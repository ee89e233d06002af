"""Not even one without routes is a router, nor one of Starlette."""

from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette

router = APIRouter()
router.include_router(Starlette())  # type: ignore[arg-type]
app = FastAPI()
app.include_router(router)


@app.get("/last")
def last() -> None: ...

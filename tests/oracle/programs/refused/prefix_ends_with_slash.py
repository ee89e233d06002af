"""And ends without one, in a module that another imports."""

from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/v1/")
app = FastAPI()
app.include_router(router)


@app.get("/last")
def last() -> None: ...

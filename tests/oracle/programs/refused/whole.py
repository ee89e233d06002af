"""What there is no mistake in."""

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/own")
def own() -> None: ...


app = FastAPI()
app.include_router(router)
# An app's own router is one.
outer = FastAPI()
outer.include_router(app.router, prefix="/app")

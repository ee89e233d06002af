"""Wants what the other binds further down."""

from fastapi import APIRouter, FastAPI

from raises.cycle_one import PREFIX

router = APIRouter(prefix=PREFIX)


@router.get("/two")
def two() -> None: ...


app = FastAPI()
app.include_router(router)

"""Registers itself where it is imported."""

from fastapi import APIRouter
from refused.cycle import attribute

router = APIRouter()


@router.get("/registered")
def registered() -> None: ...


attribute.app.include_router(router)

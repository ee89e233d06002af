"""Routes of a model."""

from fastapi import APIRouter
from refused.cycle.models import Item

router = APIRouter()


@router.get("/items")
def read() -> list[Item]: ...

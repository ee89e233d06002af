"""Has a name that no statement binds, and uses another."""

from fastapi import APIRouter
from refused.order.main import late  # type: ignore[attr-defined]

globals()["made"] = late
router = APIRouter()


@router.get("/lazily")
def read() -> None: ...

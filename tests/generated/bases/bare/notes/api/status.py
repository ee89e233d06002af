from fastapi import APIRouter

from notes.schemas.status import Status

router = APIRouter(prefix="/status", tags=["status"])


@router.get("")
def read_status() -> Status:
    return Status(is_alive=True)

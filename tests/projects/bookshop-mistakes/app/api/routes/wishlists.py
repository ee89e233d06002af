import uuid

from fastapi import APIRouter, status

from app.api.deps import BookDep, CurrentUser

router = APIRouter(prefix="/wishlist", tags=["wishlist"])


@router.get("")
async def list_wishes(user: CurrentUser) -> list[uuid.UUID]:
    return [user.id]


@router.put("/{book_id}", status_code=status.HTTP_204_NO_CONTENT)
async def add_wish(user: CurrentUser, book: BookDep) -> None:
    return None

from collections.abc import Sequence

from fastapi import APIRouter, status
from sqlalchemy.exc import IntegrityError

from app.api.deps import BookDep, CurrentUser, PageQuery, SessionDep
from app.core.errors import ConflictError
from app.models import Review
from app.repositories import catalog
from app.schemas.catalog import ReviewCreate, ReviewPublic

router = APIRouter(prefix="/reviews", tags=["reviews"])


@router.get("", response_model=list[ReviewPublic])
async def list_reviews(session: SessionDep, book: BookDep, page: PageQuery) -> Sequence[Review]:
    return await catalog.list_reviews(session, book.id, page)


@router.post("", response_model=ReviewPublic, status_code=status.HTTP_201_CREATED)
async def create_review(
    session: SessionDep, book: BookDep, user: CurrentUser, review_in: ReviewCreate
) -> Review:
    review = Review(**review_in.model_dump(), book_id=book.id, user_id=user.id)
    session.add(review)
    try:
        await session.commit()
    except IntegrityError as error:
        raise ConflictError("You have already reviewed this book") from error
    return review

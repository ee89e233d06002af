from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlalchemy.exc import IntegrityError

from app.api.deps import BookDep, CurrentUser, PageQuery, ReviewLocator, SessionDep
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


@router.get("/{review_id}", response_model=ReviewPublic)
async def read_review(locator: Annotated[ReviewLocator, Depends()]) -> Review:
    return await locator.load()


@router.put("/{review_id}", response_model=ReviewPublic)
async def replace_review(
    session: SessionDep, book: BookDep, user: CurrentUser, review_in: ReviewCreate
) -> Review:
    review = Review(**review_in.model_dump(), book_id=book.id, user_id=user.id)
    session.add(review)
    await session.commit()
    return review

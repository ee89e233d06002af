import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import settings
from app.core.db import session_factory
from app.core.errors import ForbiddenError, InvalidTokenError, NotFoundError
from app.core.security import read_access_token
from app.models import Author, Book, Review, User
from app.repositories.catalog import find_book
from app.schemas.catalog import Pagination
from app.services.accounts import AccountService
from app.services.orders import OrderService
from app.services.stock import StockFeed

oauth2_scheme = OAuth2PasswordBearer(tokenUrl=f"{settings.api_v1_prefix}/accounts/token")
stock_feed = StockFeed()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with session_factory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
ReadOnlySession = Annotated[AsyncSession, Depends(get_session())]
TokenDep = Annotated[str, Depends(oauth2_scheme)]
PageQuery = Annotated[Pagination, Query()]


async def get_current_user(session: SessionDep, token: TokenDep) -> User:
    user = await session.get(User, read_access_token(token))
    if user is None:
        raise InvalidTokenError
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def require_staff(user: CurrentUser) -> User:
    if not user.is_staff:
        raise ForbiddenError
    return user


async def get_book(session: SessionDep, book_id: uuid.UUID) -> Book:
    book = await find_book(session, book_id)
    if book is None:
        raise NotFoundError("Book")
    return book


BookDep = Annotated[Book, Depends(get_book)]


async def get_author(session: SessionDep, id: uuid.UUID) -> Author:
    author = await session.get(Author, id)
    if author is None:
        raise NotFoundError("Author")
    return author


AuthorDep = Annotated[Author, Depends(get_author)]


class ReviewLocator:
    """Where a review stands: the path names its book and the review itself."""

    def __init__(self, session: SessionDep, book: BookDep, review_id: uuid.UUID) -> None:
        self._session = session
        self._book = book
        self._review_id = review_id

    async def load(self) -> Review:
        review = await self._session.get(Review, self._review_id)
        if review is None or review.book_id != self._book.id:
            raise NotFoundError("Review")
        return review


class RequireHeader:
    """A dependency that is an instance: refuse requests without a header."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, request: Request) -> None:
        if self._name not in request.headers:
            raise ForbiddenError


def require_role(name: str) -> Callable[[User], Awaitable[None]]:
    """A factory of dependencies."""

    async def check(user: CurrentUser) -> None:
        if name == "staff" and not user.is_staff:
            raise ForbiddenError

    return check


async def get_stock_feed() -> StockFeed:
    return stock_feed


StockFeedDep = Annotated[StockFeed, Depends(get_stock_feed)]


async def get_account_service(session: SessionDep) -> AccountService:
    return AccountService(session)


async def get_order_service(session: SessionDep, feed: StockFeedDep) -> OrderService:
    return OrderService(session, feed)


AccountServiceDep = Annotated[AccountService, Depends(get_account_service)]
OrderServiceDep = Annotated[OrderService, Depends(get_order_service)]

from collections.abc import Mapping
from typing import ClassVar

from fastapi import FastAPI, Request, status
from fastapi.responses import JSONResponse


class BookshopError(Exception):
    """What the domain refuses; the API answers with `status_code` and `detail`."""

    status_code: ClassVar[int] = status.HTTP_400_BAD_REQUEST
    detail: str = "The request can't be fulfilled"
    headers: ClassVar[Mapping[str, str] | None] = None

    def __init__(self, detail: str | None = None) -> None:
        if detail is not None:
            self.detail = detail
        super().__init__(self.detail)


class NotFoundError(BookshopError):
    status_code = status.HTTP_404_NOT_FOUND

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} not found")


class ConflictError(BookshopError):
    status_code = status.HTTP_409_CONFLICT


class UnauthorizedError(BookshopError):
    status_code = status.HTTP_401_UNAUTHORIZED
    headers: ClassVar[Mapping[str, str] | None] = {"WWW-Authenticate": "Bearer"}


class InvalidCredentialsError(UnauthorizedError):
    detail = "Incorrect email or password"


class InvalidTokenError(UnauthorizedError):
    detail = "Could not validate credentials"


class ForbiddenError(BookshopError):
    status_code = status.HTTP_403_FORBIDDEN
    detail = "Not enough permissions"


def add_exception_handlers(app: FastAPI) -> None:
    @app.exception_handler(BookshopError)
    async def handle_bookshop_error(_request: Request, error: BookshopError) -> JSONResponse:
        return JSONResponse(
            {"detail": error.detail}, status_code=error.status_code, headers=error.headers
        )

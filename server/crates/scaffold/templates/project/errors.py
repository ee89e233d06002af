"""Errors that clients are told of, all in one shape."""

import logging
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
{% if has_database %}
from sqlalchemy.exc import IntegrityError, OperationalError
{% endif %}
from starlette.exceptions import HTTPException

logger = logging.getLogger(__name__)

# Statuses of responses that have no body.
BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class AppError(Exception):
    """Base of the errors that clients are told of."""

    status_code = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal_error"
    message = "Something went wrong"
    headers: ClassVar[Mapping[str, str] | None] = None

    def __init__(self, message: str | None = None) -> None:
        """Make an error, with a message of its own where one is given."""
        self.message = message or self.message
        super().__init__(self.message)


class BadRequestError(AppError):
    """The request makes no sense."""

    status_code = HTTPStatus.BAD_REQUEST
    code = "bad_request"
    message = "The request can't be understood"


class UnauthorizedError(AppError):
    """Nobody knows who is asking."""

    status_code = HTTPStatus.UNAUTHORIZED
    code = "unauthorized"
    message = "Not authenticated"
    headers: ClassVar[Mapping[str, str] | None] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(AppError):
    """Whoever is asking may not."""

    status_code = HTTPStatus.FORBIDDEN
    code = "forbidden"
    message = "Not allowed"


class NotFoundError(AppError):
    """There is no such thing."""

    status_code = HTTPStatus.NOT_FOUND
    code = "not_found"
    message = "Not found"


class ConflictError(AppError):
    """It is there already, or used elsewhere."""

    status_code = HTTPStatus.CONFLICT
    code = "conflict"
    message = "This conflicts with what is there already"


class ServiceUnavailableError(AppError):
    """Something that the answer needs is not available."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    code = "service_unavailable"
    message = "Try again later"


def error_response(
    request: Request,
    status_code: int,
    code: str,
    message: str,
    *,
    details: Any = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build the answer that every error has."""
    request_id = getattr(request.state, "request_id", None) or str(uuid.uuid4())
    error = {
        "code": code,
        "message": message,
        "request_id": request_id,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    if details is not None:
        error["details"] = details
{% if has_detail %}
    # Clients read `detail`, as the framework has it.
    content = {"detail": message if details is None else details, "error": error}
{% else %}
    content = {"error": error}
{% endif %}
    headers = {"X-Request-ID": request_id, **(headers or {})}
    return JSONResponse(content, status_code=status_code, headers=headers)


async def handle_app_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of our own."""
    if not isinstance(error, AppError):
        raise error
    return error_response(request, error.status_code, error.code, error.message, headers=error.headers)


def code_of(status_code: int) -> str:
    """Name a status as its standard does."""
    try:
        return HTTPStatus(status_code).name.lower()
    except ValueError:
        return f"http_{status_code}"


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Answer an error of the framework."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code in BODILESS:
        return Response(status_code=error.status_code, headers=error.headers)
    code = code_of(error.status_code)
    # The framework's errors may carry more than a text.
    detail: Any = error.detail
    message = detail if isinstance(detail, str) else code.replace("_", " ").capitalize()
    return error_response(
        request,
        error.status_code,
        code,
        message,
        details=None if isinstance(detail, str) else detail,
        headers=error.headers,
    )


async def handle_validation_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what is not valid, without repeating what was sent."""
    if not isinstance(error, RequestValidationError):
        raise error
    details = [{"loc": e["loc"], "msg": e["msg"], "type": e["type"]} for e in error.errors()]
    message = "The request is not valid"
    return error_response(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "validation_error",
        message,
        details=jsonable_encoder(details),
    )


{% if has_database %}
async def handle_integrity_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the database refuses, such as a duplicate."""
    logger.warning("The database refuses a change", exc_info=error)
    return error_response(request, ConflictError.status_code, ConflictError.code, ConflictError.message)


async def handle_operational_error(request: Request, error: Exception) -> JSONResponse:
    """Answer while the database can't be reached."""
    logger.error("The database can't be reached", exc_info=error)
    kind = ServiceUnavailableError
    return error_response(request, kind.status_code, kind.code, kind.message, headers={"Retry-After": "5"})


{% endif %}
async def handle_unexpected_error(request: Request, error: Exception) -> JSONResponse:
    """Answer everything else, without saying what it was: that is in the log."""
    logger.error("Unexpected error", exc_info=error)
    return error_response(request, AppError.status_code, AppError.code, AppError.message)


def register_error_handlers(app: FastAPI) -> None:
    """Let all errors of an app be answered in one shape."""
    app.add_exception_handler(AppError, handle_app_error)
    app.add_exception_handler(HTTPException, handle_http_exception)
    app.add_exception_handler(RequestValidationError, handle_validation_error)
{% if has_database %}
    app.add_exception_handler(IntegrityError, handle_integrity_error)
    app.add_exception_handler(OperationalError, handle_operational_error)
{% endif %}
    app.add_exception_handler(Exception, handle_unexpected_error)

"""What every request passes on its way in, and every response on its way out.

It is plain ASGI, so that responses which are streamed are not held back.
"""

import logging
import re
import time
import uuid
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI
{% if "cors" in parts %}
from fastapi.middleware.cors import CORSMiddleware
{% endif %}
{% if "compression" in parts %}
from fastapi.middleware.gzip import GZipMiddleware
{% endif %}
{% if "hosts" in parts %}
from fastapi.middleware.trustedhost import TrustedHostMiddleware
{% endif %}
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

{% if settings %}
from {{ settings.module }} import {{ settings.name }}
{% endif %}
from {{ m.context }} import request_id_var
{% if not has_own_logging %}
from {{ m.logging }} import REDACTED, SECRET
{% endif %}

logger = logging.getLogger(__name__)
{% if has_own_logging %}
SECRET = re.compile(r"authorization|cookie|passw|secret|token|api_?key|private_?key", re.IGNORECASE)
REDACTED = "[redacted]"
{% endif %}

{% if "request_id" in parts %}
REQUEST_ID_HEADER = "X-Request-ID"
# What is taken over from a caller: nothing that could break a line of a log.
REQUEST_ID = re.compile(r"[\w.-]{1,128}", re.ASCII)
{% endif %}
{% if "security_headers" in parts %}

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# One year, for what is reached by HTTPS.
HSTS = "max-age=31536000; includeSubDomains"
{% endif %}


{% if "request_id" in parts %}
class RequestIDMiddleware:
    """Give each request an id, the caller's if it sent one, and return it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        request_id_var.set(request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


{% endif %}
class AccessLogMiddleware:
    """Log each request when it is answered: what it was, what came of it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        # What is raised past all handlers is answered with this.
        status_code = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status_code
            if message["type"] == "http.response.start":
                status_code = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            client = scope.get("client")
            logger.info(
{% if has_own_logging %}
                "%s %s: %s",
                scope["method"],
                scope["path"],
                status_code,
{% else %}
                "Request answered",
{% endif %}
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "query": redact_query(scope["query_string"]),
                    "status_code": status_code,
                    "duration_ms": round((time.perf_counter() - start) * 1000, 1),
                    "client": client[0] if client else None,
                },
            )


def redact_query(query: bytes) -> str:
    """Leave the secrets out of a query string."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    told = [(name, REDACTED if SECRET.search(name) else value) for name, value in pairs]
    return urlencode(told, safe="[]")


class TimingMiddleware:
    """Tell how long the app took, up to the start of the response."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                duration = (time.perf_counter() - start) * 1000
                MutableHeaders(scope=message).append("Server-Timing", f"app;dur={duration:.1f}")
            await send(message)

        await self.app(scope, receive, send_with_time)


{% if "security_headers" in parts %}
class SecurityHeadersMiddleware:
    """Tell browsers what they must not do, unless the app has said so."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


{% endif %}
def register_middleware(app: FastAPI) -> None:
    """Wrap an app from the inside out: what is added last comes first."""
{% if settings and settings.expression != "settings" %}
    settings = {{ settings.expression }}
{% endif %}
{% if "compression" in parts %}
    app.add_middleware(GZipMiddleware, minimum_size=1000)
{% endif %}
{% if "cors" in parts %}
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.{{ fields.cors_origins }},
        # No browser may send cookies along where any origin is allowed.
        allow_credentials="*" not in settings.{{ fields.cors_origins }},
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["X-Request-ID"],
    )
{% endif %}
{% if "hosts" in parts %}
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.{{ fields.allowed_hosts }})
{% endif %}
{% if "security_headers" in parts %}
    app.add_middleware(SecurityHeadersMiddleware)
{% endif %}
    app.add_middleware(TimingMiddleware)
    app.add_middleware(AccessLogMiddleware)
{% if "request_id" in parts %}
    app.add_middleware(RequestIDMiddleware)
{% endif %}

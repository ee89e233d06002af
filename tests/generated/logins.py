"""Logins at the same moment, from outside: whoever has one session has one, whatever the timing."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from project import CheckError

#: Accounts, and how often each logs in at once: fewer tries than the limits allow.
ACCOUNTS = 5
LOGINS = 4

PASSWORD = "Correct7horse"


def one_session(address: str) -> None:
    """Log in to several accounts several times at once; of each account's tokens one is valid."""
    paths = list(fetch(f"{address}/openapi.json")[1]["paths"])
    found = [path.removesuffix("/login") for path in paths if path.endswith("/auth/login")]
    if not found:
        raise CheckError(f"$ curl {address}/openapi.json", "no path ends with /auth/login")
    auth = f"{address}{found[0]}"
    emails = [f"user{number}@example.com" for number in range(ACCOUNTS)]
    for number, email in enumerate(emails):
        # What else a base's users can't be without is text.
        extra = dict.fromkeys(("name", "full_name", "username"), f"ada{number}")
        body = {"email": email, "password": PASSWORD} | extra
        expect(201, f"{auth}/sign-up", json.dumps(body).encode(), "application/json")
    with ThreadPoolExecutor(ACCOUNTS * LOGINS) as pool:
        tokens = list(pool.map(lambda email: log_in(auth, email), emails * LOGINS))
    for email in emails:
        own = [
            token for known, token in zip(emails * LOGINS, tokens, strict=True) if known == email
        ]
        valid = sum(is_valid(auth, token) for token in own)
        if valid != 1:
            raise CheckError(f"{LOGINS} logins of {email} at once", f"{valid} sessions are valid")


def log_in(auth: str, email: str) -> str:
    """Begin a session; its access token."""
    form = urllib.parse.urlencode({"username": email, "password": PASSWORD}).encode()
    body = expect(200, f"{auth}/login", form, "application/x-www-form-urlencoded")
    return str(body["access_token"])


def is_valid(auth: str, token: str) -> bool:
    """Whether a token lets its user in."""
    status, _ = fetch(f"{auth}/me", headers={"Authorization": f"Bearer {token}"})
    return status == 200


def expect(status: int, url: str, data: bytes, kind: str) -> dict[str, Any]:
    """Send data; the answer, which has to have a status."""
    answered, body = fetch(url, data, {"Content-Type": kind})
    if answered != status:
        raise CheckError(f"$ curl {url}", f"{answered}: {body}")
    return dict(body)


def fetch(
    url: str, data: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """The status and body of an answer."""
    request = urllib.request.Request(url, data, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")

"""Accounts of a served app, and what one can do with them."""

from __future__ import annotations

from dataclasses import dataclass

from project import CheckError
from watched import Answer, App, Client, expect

PASSWORD = "Correct7horse"
OTHER = "Battery8staple"


@dataclass(frozen=True)
class Tokens:
    """The tokens of a session."""

    access: str
    refresh: str

    @classmethod
    def of(cls, answer: Answer) -> Tokens:
        """Those that an answer has."""
        return cls(answer.body["access_token"], answer.body["refresh_token"])


class Accounts:
    """The auth of an app."""

    def __init__(self, app: App) -> None:
        """Find where it is served."""
        self.app = app
        paths = list(app.client().get("/openapi.json").body["paths"])
        found = [path.removesuffix("/login") for path in paths if path.endswith("/auth/login")]
        if not found:
            raise CheckError("GET /openapi.json", "no path ends with /auth/login")
        self.auth = found[0]

    def new(self) -> str:
        """Sign somebody up; the address."""
        number = next(self.app.fresh)
        email = f"user{number}@example.com"
        answer = self.sign_up(email, number=number)
        expect(answer, 201, f"POST {self.auth}/sign-up")
        return email

    def sign_up(
        self, email: str, password: str = PASSWORD, number: int = 0, client: Client | None = None
    ) -> Answer:
        """Make an account."""
        # What else a base's users can't be without is text.
        extra = dict.fromkeys(("name", "full_name", "username"), f"ada{number}")
        body = {"email": email, "password": password} | extra
        return (client or self.app.client()).post(f"{self.auth}/sign-up", body)

    def try_login(
        self, email: str, password: str = PASSWORD, client: Client | None = None
    ) -> Answer:
        """Try to begin a session."""
        form = {"username": email, "password": password}
        return (client or self.app.client()).submit(f"{self.auth}/login", form)

    def log_in(self, email: str, password: str = PASSWORD) -> Tokens:
        """Begin a session."""
        answer = self.try_login(email, password)
        return Tokens.of(expect(answer, 200, f"POST {self.auth}/login"))

    def me(self, token: str) -> Answer:
        """Ask who one is."""
        return self.app.client().get(f"{self.auth}/me", token)

    def is_known(self, token: str) -> bool:
        """Whether a token lets its user in; it does or it is refused, and nothing else."""
        answer = self.me(token)
        if answer.status not in (200, 401):
            raise CheckError(f"GET {self.auth}/me", f"{answer.status}: {answer.body}")
        return answer.status == 200

    def refresh(self, token: str, client: Client | None = None) -> Answer:
        """Exchange a refresh token."""
        client = client or self.app.client()
        return client.post(f"{self.auth}/refresh", {"refresh_token": token})

    def log_out(self, token: str) -> Answer:
        """End a session."""
        return self.app.client().post(f"{self.auth}/logout", token=token)

    def forget(self, email: str, client: Client | None = None) -> Answer:
        """Ask for a password reset."""
        client = client or self.app.client()
        return client.post(f"{self.auth}/forgot-password", {"email": email})

    def reset(self, token: str, password: str, client: Client | None = None) -> Answer:
        """Set a new password."""
        body = {"token": token, "new_password": password}
        client = client or self.app.client()
        return client.post(f"{self.auth}/reset-password", body)

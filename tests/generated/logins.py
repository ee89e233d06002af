"""Sessions, from outside: who has one has one, whatever the timing, and when it ends it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from accounts import Accounts, Tokens
from project import CheckError
from watched import expect

#: Accounts, and how often each does something at once: fewer tries than the limits allow.
ACCOUNTS = 5
TIMES = 4


def judge(accounts: Accounts) -> None:
    """All of it."""
    one_session(accounts)
    refreshed_once(accounts)
    used_again(accounts)
    logged_out(accounts)


def one_session(accounts: Accounts) -> None:
    """Log in to several accounts several times at once; of each account's tokens one is valid."""
    emails = [accounts.new() for _ in range(ACCOUNTS)]
    with ThreadPoolExecutor(ACCOUNTS * TIMES) as pool:
        sessions = list(pool.map(accounts.log_in, emails * TIMES))
    for email in emails:
        own = [
            session
            for known, session in zip(emails * TIMES, sessions, strict=True)
            if known == email
        ]
        valid = sum(accounts.is_known(session.access) for session in own)
        if valid != 1:
            raise CheckError(f"{TIMES} logins of {email} at once", f"{valid} sessions are valid")


def refreshed_once(accounts: Accounts) -> None:
    """Of several who use a refresh token at once one succeeds at most."""
    tokens = accounts.log_in(accounts.new())
    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(accounts.refresh, [tokens.refresh] * TIMES))
    statuses = sorted(answer.status for answer in answers)
    if statuses not in ([200, 401, 401, 401], [401, 401, 401, 401]):
        raise CheckError(f"{TIMES} uses of a refresh token at once", str(statuses))


def used_again(accounts: Accounts) -> None:
    """A refresh token that is used again ends the session with all that came of it."""
    first = accounts.log_in(accounts.new())
    second = Tokens.of(expect(accounts.refresh(first.refresh), 200, "a refresh"))
    third = Tokens.of(expect(accounts.refresh(second.refresh), 200, "a second refresh"))
    expect(accounts.me(third.access), 200, "the newest access token")
    expect(accounts.refresh(first.refresh), 401, "a refresh token that was used")
    for token in (first.access, second.access, third.access):
        expect(accounts.me(token), 401, "an access token of a family whose token was used twice")
    expect(accounts.refresh(third.refresh), 401, "the newest refresh token of that family")


def logged_out(accounts: Accounts) -> None:
    """After the logout no token of the session is of use, and another session is as it was."""
    others = accounts.log_in(accounts.new())
    tokens = accounts.log_in(accounts.new())
    expect(accounts.log_out(tokens.access), 204, "a logout")
    expect(accounts.me(tokens.access), 401, "an access token after the logout")
    expect(accounts.refresh(tokens.refresh), 401, "a refresh token after the logout")
    expect(accounts.log_out(tokens.access), 401, "a second logout")
    expect(accounts.me(others.access), 200, "another account's token after the logout")

"""Tokens that the app did not make, or not for this: made by another library than the app's."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

from accounts import Accounts
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from project import CheckError
from watched import expect, expect_same

#: A key that a token is signed with.
Key = OctKey | RSAKey


class Forger:
    """Makes tokens like one that the app made."""

    def __init__(self, token: str, key: Key) -> None:
        """Have the app's own key, to change what the app signs."""
        self.head, self.body, self.signature = token.split(".")
        self.header: dict[str, Any] = decoded(self.head)
        self.claims: dict[str, Any] = decoded(self.body)
        self.key = key
        # It is the right key: what is signed with it is taken for what it says.
        jwt.decode(token, key, algorithms=[self.header["alg"]])

    def signed(self, key: Key | None = None, **claims: object) -> str:
        """A token with other claims; `None` takes one away."""
        changed = {k: v for k, v in (self.claims | claims).items() if v is not None}
        key = key or self.key
        return jwt.encode(self.header, changed, key, algorithms=[self.header["alg"]])

    def headed(self, key: Key, **header: object) -> str:
        """A token with another header."""
        changed = self.header | header
        return jwt.encode(changed, self.claims, key, algorithms=[str(changed["alg"])])

    def confused(self, public_key: bytes) -> str:
        """A token signed with what everybody knows; joserfc refuses to, so by hand."""
        text = f"{encoded(self.header | {'alg': 'HS256'})}.{self.body}"
        return f"{text}.{in_base64(hmac.digest(public_key, text.encode(), 'sha256'))}"

    def unsigned(self, algorithm: str) -> str:
        """A token without a signature."""
        return f"{encoded(self.header | {'alg': algorithm})}.{self.body}."

    def tampered(self) -> list[str]:
        """Tokens of which one part was changed after they were signed."""
        later = encoded(self.claims | {"exp": self.claims["exp"] + 3600})
        admin = encoded(self.claims | {"scope": "admin"})
        first = "A" if self.signature[0] != "A" else "B"
        return [
            f"{self.head}.{later}.{self.signature}",
            f"{self.head}.{admin}.{self.signature}",
            f"{self.head}.{self.body}.{first}{self.signature[1:]}",
            f"{self.head}.{self.body}.{self.signature[:-4]}",
            f"{self.head}.{self.body}.",
            f"{self.head}.{self.body}",
        ]


def judge(accounts: Accounts, key: Key) -> None:
    """No token lets anyone in but one that the app made for it; the real one does all the while."""
    email = accounts.new()
    tokens = accounts.log_in(email)
    other = accounts.log_in(accounts.new())
    forger = Forger(tokens.access, key)
    victim = Forger(other.access, key)
    expect(accounts.me(forger.signed()), 200, "a token signed with the right key")
    refused = accounts.me("nonsense")
    for name, token in access_forgeries(forger, victim, tokens.refresh).items():
        answer = expect(accounts.me(token), 401, f"an access token, {name}: {token}")
        expect_same(answer.shown(), refused.shown(), f"nonsense and an access token, {name}")
    if not refused.headers.get("www-authenticate", "").startswith("Bearer"):
        raise CheckError("GET /me with nonsense", f"no WWW-Authenticate: {refused.headers}")
    refresh = Forger(tokens.refresh, key)
    for name, token in {
        "an access token": tokens.access,
        "expired": refresh.signed(exp=int(time.time()) - 60),
        "unsigned": refresh.unsigned("none"),
        "of another key": refresh.signed(key=another(key)),
        "of another session": refresh.signed(sid=victim.claims["sid"]),
        "nonsense": "nonsense",
    }.items():
        forged = accounts.refresh(token)
        expect(forged, 401, f"a refresh token, {name}: {token}")
    fresh = accounts.log_in(email)
    expect(accounts.me(fresh.access), 200, "a token of the app's own after all of this")
    lifetimes(Forger(fresh.access, key), Forger(fresh.refresh, key))


def access_forgeries(forger: Forger, victim: Forger, refresh: str) -> dict[str, str]:
    """Tokens to be refused where an access token is asked for."""
    tampered = {f"tampered with ({n})": token for n, token in enumerate(forger.tampered())}
    unsigned = {f"unsigned ({name})": forger.unsigned(name) for name in ("none", "None", "NONE")}
    missing = {
        f"without {claim}": forger.signed(**{claim: None})
        for claim in ("exp", "iat", "sub", "sid", "jti", "type")
    }
    return {
        "a refresh token": refresh,
        "expired": forger.signed(exp=int(time.time()) - 60),
        "of another key": forger.signed(key=another(forger.key)),
        "of another algorithm": other_algorithm(forger),
        "of another type": forger.signed(type="reset"),
        "of another user": forger.signed(sub=victim.claims["sub"]),
        "of another session": forger.signed(sid=victim.claims["sid"]),
        "of no session": forger.signed(sid="00000000-0000-0000-0000-000000000000"),
        "of nobody": forger.signed(sub="nobody"),
        **tampered,
        **unsigned,
        **missing,
        **(key_confusions(forger) if isinstance(forger.key, RSAKey) else {}),
    }


def key_confusions(forger: Forger) -> dict[str, str]:
    """Tokens that would have the app take the wrong key, or the right one for another purpose."""
    assert isinstance(forger.key, RSAKey)
    own = RSAKey.generate_key(2048, private=True)
    return {
        "signed with the public key": forger.confused(forger.key.as_pem(private=False)),
        "of a key that is not known": forger.headed(own, kid="unknown"),
        "of a key that is a path": forger.headed(own, kid="../../dev/null"),
        "with a key of its own": forger.headed(own, jwk=own.as_dict(private=False)),
        "with another key under the known name": forger.headed(own),
    }


def other_algorithm(forger: Forger) -> str:
    """A token that is signed with the right key, and not as the app signs."""
    algorithm = "RS512" if isinstance(forger.key, RSAKey) else "HS512"
    return forger.headed(forger.key, alg=algorithm)


def lifetimes(access: Forger, refresh: Forger) -> None:
    """An access token is valid for a quarter of an hour, a refresh token for a week."""
    for forger, seconds in ((access, 15 * 60), (refresh, 7 * 24 * 3600)):
        lives = forger.claims["exp"] - forger.claims["iat"]
        if lives != seconds:
            raise CheckError("the lifetime of a token", f"{lives} s instead of {seconds} s")


def another(key: Key) -> Key:
    """A key of the same kind."""
    if isinstance(key, RSAKey):
        return RSAKey.generate_key(2048, private=True)
    return OctKey.import_key("another-secret-that-nobody-knows-0123456789")


def decoded(part: str) -> Any:
    """What a part of a token says."""
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(part: object) -> str:
    """A part of a token."""
    return in_base64(json.dumps(part, separators=(",", ":")).encode())


def in_base64(content: bytes) -> str:
    """Bytes as a part of a token."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

"""Tests of tokens that an identity provider issues."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

{{ imports.raised }}
from {{ m.dependencies }} import get_current_user, get_optional_user, require_scopes
from {{ m.verifier }} import TokenVerifier

ISSUER = "https://login.test"
AUDIENCE = "api"
KEYS = {kid: rsa.generate_private_key(65537, 2048) for kid in ("one", "two")}


class Provider(jwt.PyJWKClient):
    """Publishes keys without a network."""

    def __init__(self, *kids: str) -> None:
        """Publish the keys of some names; ask again for each unknown one."""
        super().__init__(f"{ISSUER}/keys", cooldown_duration=0)
        self.kids = kids

    def fetch_data(self) -> Any:
        """Return the keys as the provider writes them."""
        public = {kid: RSAAlgorithm.to_jwk(KEYS[kid].public_key(), as_dict=True) for kid in self.kids}
        return {"keys": [{**jwk, "kid": kid, "use": "sig", "alg": "RS256"} for kid, jwk in public.items()]}


def verifier_of(*kids: str) -> TokenVerifier:
    """Verify with some keys."""
    return TokenVerifier(ISSUER, AUDIENCE, Provider(*kids))


def claims(**changes: Any) -> dict[str, Any]:
    """Say what a valid token says, with changes; nothing of what is changed to `None`."""
    now = datetime.now(UTC)
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + timedelta(minutes=5)}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def header(key: str = "one", kid: str = "one", **changes: Any) -> str:
    """Make the header of a request, with a token that a key signs."""
    return "Bearer " + jwt.encode(claims(**changes), KEYS[key], algorithm="RS256", headers={"kid": kid})


def test_valid_tokens() -> None:
    """Who is asking is known, with scopes as text or as a list."""
    user = get_current_user(header(email="ada@example.com", scope="read write"), verifier_of("one"))
    assert (user.sub, user.email, user.scopes) == ("ada", "ada@example.com", ["read", "write"])
    assert get_current_user(header(scp=["read"]), verifier_of("one")).scopes == ["read"]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic YWRhOng=",
        header(exp=datetime.now(UTC) - timedelta(minutes=5)),
        header(iss="https://elsewhere.test"),
        header(aud="another"),
        header(sub=None),
        header(exp=None),
        header(key="two"),
        header(key="two", kid="two"),
        "Bearer " + jwt.encode(claims(), "", algorithm="none", headers={"kid": "one"}),
        "Bearer " + jwt.encode(claims(), "x" * 64, algorithm="HS256", headers={"kid": "one"}),
    ],
)
def test_tokens_that_are_not_valid(authorization: str | None) -> None:
    """Nothing but a token of the provider, for this API and of now, says who is asking."""
    with pytest.raises({{ raised }}) as caught:
        get_current_user(authorization, verifier_of("one"))
    assert caught.value.status_code == 401


def test_keys_rotate() -> None:
    """A key that the provider begins to use is found."""
    provider = Provider("one")
    verifier = TokenVerifier(ISSUER, AUDIENCE, provider)
    assert get_current_user(header(), verifier).sub == "ada"
    provider.kids = ("two",)
    assert get_current_user(header(key="two", kid="two"), verifier).sub == "ada"


def test_nobody() -> None:
    """Where it does not matter who is asking, nobody may, but no invalid token."""
    assert get_optional_user(None, verifier_of("one")) is None
    user = get_optional_user(header(), verifier_of("one"))
    assert user is not None
    with pytest.raises({{ raised }}):
        get_optional_user(header(aud="another"), verifier_of("one"))


def test_scopes() -> None:
    """A token needs all scopes."""
    user = get_current_user(header(scope="read"), verifier_of("one"))
    assert require_scopes("read")(user) == user
    with pytest.raises({{ forbidden }}):
        require_scopes("read", "write")(user)

"""Who is asking, as path operations depend on it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import OpenIdConnect
from fastapi.security.utils import get_authorization_scheme_param

{{ imports.errors }}
{{ imports.settings }}
from {{ m.verifier }} import Identity, TokenVerifier, get_verifier

openid_scheme = OpenIdConnect(
    openIdConnectUrl={{ issuer }}.rstrip("/") + "/.well-known/openid-configuration",
    auto_error=False,
)
AuthorizationDep = Annotated[str | None, Depends(openid_scheme)]
VerifierDep = Annotated[TokenVerifier, Depends(get_verifier)]


def get_current_user(authorization: AuthorizationDep, verifier: VerifierDep) -> Identity:
    """Read who is asking; an error where nobody says so."""
    # Not async, as keys may have to be fetched.
    scheme, token = get_authorization_scheme_param(authorization)
    if scheme.lower() != "bearer":
        raise {{ error(401, "Not authenticated") }}
    return verifier.verify(token)


CurrentUser = Annotated[Identity, Depends(get_current_user)]


def get_optional_user(authorization: AuthorizationDep, verifier: VerifierDep) -> Identity | None:
    """Read who is asking, if anyone; a token has to be valid."""
    return get_current_user(authorization, verifier) if authorization else None


OptionalUser = Annotated[Identity | None, Depends(get_optional_user)]


def require_scopes(*scopes: str) -> Callable[[Identity], Identity]:
    """Make a dependency that refuses tokens without some scopes."""

    def check_scopes(user: CurrentUser) -> Identity:
        if not set(user.scopes).issuperset(scopes):
            raise {{ error(403, "The token does not allow this") }}
        return user

    return check_scopes

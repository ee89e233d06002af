"""Who is asking, as path operations depend on it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

from {{ m.errors }} import ForbiddenError, UnauthorizedError
from {{ m.security }} import Claims, read_token
from {{ m.service }} import AuthServiceDep
from {{ m.user_model }} import User

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="{{ url }}/login", refreshUrl="{{ url }}/refresh", auto_error=False)
TokenDep = Annotated[str | None, Depends(oauth2_scheme)]


def get_claims(token: TokenDep) -> Claims:
    """Read the access token; an error where there is none."""
    if token is None:
        raise UnauthorizedError
    return read_token(token, "access")


ClaimsDep = Annotated[Claims, Depends(get_claims)]


async def get_current_user(security_scopes: SecurityScopes, claims: ClaimsDep, auth: AuthServiceDep) -> User:
    """Read the user who is asking; an error where the token lacks a scope."""
    user = await auth.user_of(claims)
    if user is None:
        raise UnauthorizedError("The token is not valid")
    granted = set(claims.scopes) & set(user.scopes)
    if not granted.issuperset(security_scopes.scopes):
        raise ForbiddenError("The token does not allow this")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_active_user(user: CurrentUser) -> User:
    """Refuse a user who is not active."""
    if not user.is_active:
        raise ForbiddenError("The account is not active")
    return user


ActiveUser = Annotated[User, Depends(get_active_user)]


async def get_optional_user(token: TokenDep, auth: AuthServiceDep) -> User | None:
    """Read the user who is asking, if anyone; a token has to be valid."""
    if token is None:
        return None
    user = await auth.user_of(read_token(token, "access"))
    if user is None:
        raise UnauthorizedError("The token is not valid")
    return user


OptionalUser = Annotated[User | None, Depends(get_optional_user)]


def require_role(*roles: str) -> Callable[[User], User]:
    """Make a dependency that refuses users of other roles."""

    def check_role(user: ActiveUser) -> User:
        if user.role not in roles:
            raise ForbiddenError
        return user

    return check_role


AdminUser = Annotated[User, Depends(require_role("admin"))]


def require_scopes(*scopes: str) -> Any:
    """Make a dependency that refuses tokens without some scopes."""
    return Security(get_active_user, scopes=list(scopes))

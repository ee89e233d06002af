"""Who is asking, as path operations depend on it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

{{ imports.errors }}
from {{ m.security }} import Claims, read_token
from {{ m.service }} import AuthService
{{ imports.session }}
from {{ m.user_model }} import {{ user.class }}


def get_auth_service(session: {{ session.annotation }}) -> AuthService:
    """Sign users in and out in the session of the request."""
    return AuthService(session)


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="{{ url }}/login", refreshUrl="{{ url }}/refresh", auto_error=False)
TokenDep = Annotated[str | None, Depends(oauth2_scheme)]


def get_claims(token: TokenDep) -> Claims:
    """Read the access token; an error where there is none."""
    if token is None:
        raise {{ error(401, "Not authenticated") }}
    return read_token(token, "access")


ClaimsDep = Annotated[Claims, Depends(get_claims)]


{{ def }} get_current_user(security_scopes: SecurityScopes, claims: ClaimsDep, auth: AuthServiceDep) -> {{ user.class }}:
    """Read the user who is asking; an error where the token lacks a scope."""
    user = {{ aw }}auth.user_of(claims)
    if user is None:
        raise {{ error(401, "The token is not valid") }}
    granted = set(claims.scopes) & set({{ user.scopes }})
    if not granted.issuperset(security_scopes.scopes):
        raise {{ error(403, "The token does not allow this") }}
    return user


CurrentUser = Annotated[{{ user.class }}, Depends(get_current_user)]


def get_active_user(user: CurrentUser) -> {{ user.class }}:
    """Refuse a user who is not active."""
    if {{ user.inactive }}:
        raise {{ error(403, "The account is not active") }}
    return user


ActiveUser = Annotated[{{ user.class }}, Depends(get_active_user)]


{{ def }} get_optional_user(token: TokenDep, auth: AuthServiceDep) -> {{ user.class }} | None:
    """Read the user who is asking, if anyone; a token has to be valid."""
    if token is None:
        return None
    user = {{ aw }}auth.user_of(read_token(token, "access"))
    if user is None:
        raise {{ error(401, "The token is not valid") }}
    return user


OptionalUser = Annotated[{{ user.class }} | None, Depends(get_optional_user)]


{% if user.has_role %}
def require_role(*roles: str) -> Callable[[{{ user.class }}], {{ user.class }}]:
    """Make a dependency that refuses users of other roles."""

    def check_role(user: ActiveUser) -> {{ user.class }}:
        if user.role not in roles:
            raise {{ error(403, "Not allowed") }}
        return user

    return check_role


{% if is_annotated %}
AdminUser = Annotated[{{ user.class }}, Depends(require_role("admin"))]
{% endif %}
{% endif %}
{% if not user.has_role or not is_annotated %}
def get_admin_user(user: ActiveUser) -> {{ user.class }}:
    """Refuse a user who is not an administrator."""
    if {{ 'user.role != "admin"' if user.has_role else "not " ~ user.admin }}:
        raise {{ error(403, "Not allowed") }}
    return user


AdminUser = Annotated[{{ user.class }}, Depends(get_admin_user)]
{% endif %}


def require_scopes(*scopes: str) -> Any:
    """Make a dependency that refuses tokens without some scopes."""
    return Security(get_active_user, scopes=list(scopes))

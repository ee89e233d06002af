"""Path operations to sign up, in and out."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Response, status
from fastapi.security import OAuth2PasswordRequestForm

from {{ m.dependencies }} import (
    ActiveUser,
    AuthServiceDep,
    ClaimsDep,
    CurrentUser,
    get_active_user,
    get_auth_service,
    get_claims,
    get_current_user,
)
from {{ m.mail }} import PasswordResetSender, PasswordResetSenderDep, get_password_reset_sender
from {{ m.rate_limit }} import limit_account, limit_client
from {{ m.schemas }} import (
    ForgotPassword,
    PasswordChange,
    RefreshRequest,
    ResetPassword,
    SignUp,
    TokenPair,
{% if not user.read %}
    UserRead,
{% endif %}
)
{{ imports.user_read }}
from {{ m.user_model }} import {{ user.class }}
from {{ m.security }} import Claims, public_keys
from {{ m.service }} import AuthService

{% set auth = dep("AuthServiceDep", "AuthService", "Depends(get_auth_service)") %}
{% set active = dep("ActiveUser", user.class, "Depends(get_active_user)") %}
{% set current = dep("CurrentUser", user.class, "Depends(get_current_user)") %}
{% set claims = dep("ClaimsDep", "Claims", "Depends(get_claims)") %}
{% set send = dep("PasswordResetSenderDep", "PasswordResetSender", "Depends(get_password_reset_sender)") %}


def forbid_caching(response: Response) -> None:
    """Let nobody keep a token."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter({{ router_arguments }}dependencies=[Depends(forbid_caching), Depends(limit_client)])


{% if says_model %}
@router.post("/sign-up", response_model={{ user_read }}, status_code=status.HTTP_201_CREATED)
{{ def }} sign_up(data: SignUp, auth: {{ auth }}) -> {{ user.class }}:
    """Create an account."""
    return {{ aw }}auth.sign_up(data)
{% else %}
@router.post("/sign-up", status_code=status.HTTP_201_CREATED)
{{ def }} sign_up(data: SignUp, auth: {{ auth }}) -> {{ user_read }}:
    """Create an account."""
    return {{ user_read }}.model_validate({{ aw }}auth.sign_up(data))
{% endif %}


@router.post("/login")
{{ def }} log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], auth: {{ auth }}) -> TokenPair:
    """Begin a session, which ends the other one of the account."""
    email = form.username.strip().lower()
    limit_account(f"login {email}")
    return {{ aw }}auth.log_in(email, form.password, form.scopes)


@router.post("/refresh")
{{ def }} refresh(data: RefreshRequest, auth: {{ auth }}) -> TokenPair:
    """Exchange a refresh token for new tokens; it can't be used again."""
    return {{ aw }}auth.refresh(data.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} log_out(_user: {{ current }}, claims: {{ claims }}, auth: {{ auth }}) -> None:
    """End the session."""
    {{ aw }}auth.log_out(claims)


{% if says_model %}
@router.get("/me", response_model={{ user_read }})
{{ op_def }} read_me(user: {{ active }}) -> {{ user.class }}:
    """Read the account that is asking."""
    return user
{% else %}
@router.get("/me")
{{ op_def }} read_me(user: {{ active }}) -> {{ user_read }}:
    """Read the account that is asking."""
    return {{ user_read }}.model_validate(user)
{% endif %}


@router.post("/change-password", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} change_password(data: PasswordChange, user: {{ active }}, auth: {{ auth }}) -> None:
    """Change the password, which ends the session."""
    limit_account(f"change {user.id}")
    current, new = data.current_password.get_secret_value(), data.new_password.get_secret_value()
    {{ aw }}auth.change_password(user, current, new)


@router.post("/forgot-password", status_code=status.HTTP_202_ACCEPTED)
{{ def }} forgot_password(
    data: ForgotPassword, auth: {{ auth }}, send: {{ send }}, tasks: BackgroundTasks
) -> None:
    """Send a token to reset the password, if there is an account."""
    limit_account(f"forgot {data.email}")
    # After the answer, of which not even the time tells if there is one.
    tasks.add_task(auth.forget_password, data.email, send)


@router.post("/reset-password", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} reset_password(data: ResetPassword, auth: {{ auth }}) -> None:
    """Set a new password with a token that was sent, which ends the session."""
    {{ aw }}auth.reset_password(data.token, data.new_password.get_secret_value())
{% if is_jwks %}


jwks_router = APIRouter(tags=["auth"])


@jwks_router.get("/.well-known/jwks.json")
{{ op_def }} read_public_keys(response: Response) -> dict[str, list[dict[str, str]]]:
    """List the keys that access tokens can be verified with."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return {"keys": public_keys()}
{% endif %}

"""Path operations to sign up, in and out."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Response, status
from fastapi.security import OAuth2PasswordRequestForm

from {{ m.dependencies }} import ActiveUser, ClaimsDep, CurrentUser
from {{ m.mail }} import PasswordResetSenderDep
from {{ m.rate_limit }} import limit_account, limit_client
from {{ m.schemas }} import (
    ForgotPassword,
    PasswordChange,
    RefreshRequest,
    ResetPassword,
    TokenPair,
    UserCreate,
    UserRead,
)
from {{ m.security }} import public_keys
from {{ m.service }} import AuthServiceDep


def forbid_caching(response: Response) -> None:
    """Let nobody keep a token."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(forbid_caching), Depends(limit_client)])


@router.post("/sign-up", status_code=status.HTTP_201_CREATED)
async def sign_up(data: UserCreate, auth: AuthServiceDep) -> UserRead:
    """Create an account."""
    return UserRead.model_validate(await auth.sign_up(data))


@router.post("/login")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], auth: AuthServiceDep) -> TokenPair:
    """Begin a session, which ends the others of the account."""
    email = form.username.strip().lower()
    limit_account(f"login {email}")
    return await auth.log_in(email, form.password, form.scopes)


@router.post("/refresh")
async def refresh(data: RefreshRequest, auth: AuthServiceDep) -> TokenPair:
    """Exchange a refresh token for new tokens; it can't be used again."""
    return await auth.refresh(data.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(_user: CurrentUser, claims: ClaimsDep, auth: AuthServiceDep) -> None:
    """End the session."""
    await auth.log_out(claims)


@router.get("/me")
async def read_me(user: ActiveUser) -> UserRead:
    """Read the account that is asking."""
    return UserRead.model_validate(user)


@router.post("/change-password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(data: PasswordChange, user: ActiveUser, auth: AuthServiceDep) -> None:
    """Change the password, which ends all sessions."""
    limit_account(f"change {user.id}")
    current, new = data.current_password.get_secret_value(), data.new_password.get_secret_value()
    await auth.change_password(user, current, new)


@router.post("/forgot-password", status_code=status.HTTP_202_ACCEPTED)
async def forgot_password(
    data: ForgotPassword, auth: AuthServiceDep, send: PasswordResetSenderDep, tasks: BackgroundTasks
) -> None:
    """Send a token to reset the password, and don't tell if there is an account."""
    limit_account(f"forgot {data.email}")
    token = await auth.forget_password(data.email)
    if token is not None:
        tasks.add_task(send, data.email, token)


@router.post("/reset-password", status_code=status.HTTP_204_NO_CONTENT)
async def reset_password(data: ResetPassword, auth: AuthServiceDep) -> None:
    """Set a new password with a token that was sent, which ends all sessions."""
    await auth.reset_password(data.token, data.new_password.get_secret_value())
{% if is_jwks %}


jwks_router = APIRouter(tags=["auth"])


@jwks_router.get("/.well-known/jwks.json")
async def read_public_keys(response: Response) -> dict[str, list[dict[str, str]]]:
    """List the keys that access tokens can be verified with."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return {"keys": public_keys()}
{% endif %}

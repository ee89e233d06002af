"""Sessions of users, and their passwords."""

import logging
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy import CursorResult, UpdateBase, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from {{ m.auth_model }} import AuthSession, PasswordReset
from {{ m.errors }} import BadRequestError, ConflictError, UnauthorizedError
from {{ m.schemas }} import TokenPair, UserCreate
from {{ m.security }} import (
    REFRESH_LIFETIME,
    RESET_LIFETIME,
    Claims,
    create_token,
    hash_password,
    hash_token,
    read_token,
    verify_password,
)
from {{ m.session }} import SessionDep
from {{ m.user_model }} import User

logger = logging.getLogger(__name__)


class AuthService:
    """Signs users up, in and out."""

    def __init__(self, session: SessionDep) -> None:
        """Work in the database session of one request."""
        self.session = session

    async def sign_up(self, data: UserCreate) -> User:
        """Create a user."""
        password = data.password.get_secret_value()
        user = User(email=data.email, hashed_password=await hash_password(password))
        self.session.add(user)
        try:
            await self.session.commit()
        except IntegrityError as error:
            await self.session.rollback()
            raise ConflictError("There is an account with this e-mail address already") from error
        await self.session.refresh(user)
        return user

    async def log_in(self, email: str, password: str, scopes: Sequence[str]) -> TokenPair:
        """Begin a session with the scopes asked for, or all; the others end."""
        user = await self._find(email)
        is_right, new_hash = await verify_password(password, user.hashed_password if user else None)
        if user is None or not is_right or not user.is_active:
            logger.warning("A login failed")
            raise UnauthorizedError("Wrong e-mail address or password")
        if new_hash is not None:
            user.hashed_password = new_hash
        await self._end_sessions(user.id)
        granted = [scope for scope in user.scopes if scope in scopes or not scopes]
        session_id = uuid.uuid4()
        tokens, claims = self._tokens(user.id, session_id, granted)
        self.session.add(
            AuthSession(
                id=session_id,
                user_id=user.id,
                token_hash=hash_token(claims.jti),
                expires_at=datetime.now(UTC) + REFRESH_LIFETIME,
            )
        )
        await self.session.commit()
        logger.info("User %s logged in", user.id)
        return tokens

    async def refresh(self, token: str) -> TokenPair:
        """Exchange a refresh token once: its second use ends the session."""
        claims = read_token(token, "refresh")
        user = await self.user_of(claims)
        if user is None or not user.is_active:
            raise UnauthorizedError("The token is not valid")
        granted = [scope for scope in claims.scopes if scope in user.scopes]
        tokens, new_claims = self._tokens(user.id, claims.sid, granted)
        # One statement compares and replaces: of two requests only one succeeds.
        rotated = await self._count(
            update(AuthSession)
            .where(AuthSession.id == claims.sid, AuthSession.token_hash == hash_token(claims.jti))
            .values(token_hash=hash_token(new_claims.jti), expires_at=datetime.now(UTC) + REFRESH_LIFETIME)
        )
        if rotated != 1:
            await self.log_out(claims)
            logger.warning("A refresh token was used twice: session %s is revoked", claims.sid)
            raise UnauthorizedError("The token is not valid")
        await self.session.commit()
        return tokens

    async def log_out(self, claims: Claims) -> None:
        """End the session of a token."""
        await self.session.execute(delete(AuthSession).where(AuthSession.id == claims.sid))
        await self.session.commit()

    async def user_of(self, claims: Claims) -> User | None:
        """Read the user of a token whose session has not ended."""
        found: User | None = await self.session.scalar(
            select(User)
            .join(AuthSession, AuthSession.user_id == User.id)
            .where(
                User.id == claims.sub,
                AuthSession.id == claims.sid,
                AuthSession.expires_at > datetime.now(UTC),
            )
        )
        return found

    async def change_password(self, user: User, current: str, new: str) -> None:
        """Change a password, which ends all sessions."""
        is_right, _ = await verify_password(current, user.hashed_password)
        if not is_right:
            raise BadRequestError("The current password is wrong")
        await self._set_password(user, new)

    async def forget_password(self, email: str) -> str | None:
        """Make a token that resets a password once, if there is such an account."""
        user = await self._find(email)
        if user is None or not user.is_active:
            return None
        token = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        outdated = or_(PasswordReset.user_id == user.id, PasswordReset.expires_at <= now)
        await self.session.execute(delete(PasswordReset).where(outdated))
        reset = PasswordReset(user_id=user.id, token_hash=hash_token(token), expires_at=now + RESET_LIFETIME)
        self.session.add(reset)
        await self.session.commit()
        return token

    async def reset_password(self, token: str, new: str) -> None:
        """Set a new password with a token, which is used up then."""
        is_token = PasswordReset.token_hash == hash_token(token)
        user = await self.session.scalar(
            select(User)
            .join(PasswordReset, PasswordReset.user_id == User.id)
            .where(is_token, PasswordReset.expires_at > datetime.now(UTC))
        )
        used = await self._count(delete(PasswordReset).where(is_token))
        if user is None or used != 1:
            await self.session.commit()
            raise BadRequestError("The token is not valid")
        await self._set_password(user, new)

    async def _find(self, email: str) -> User | None:
        # PostgreSQL refuses text with a null character.
        if "\0" in email:
            return None
        found: User | None = await self.session.scalar(select(User).where(User.email == email))
        return found

    async def _count(self, statement: UpdateBase) -> int:
        """Change rows; how many there were to change."""
        result = await self.session.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    async def _set_password(self, user: User, new: str) -> None:
        user.hashed_password = await hash_password(new)
        await self._end_sessions(user.id)
        await self.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))
        await self.session.commit()
        logger.info("User %s has a new password", user.id)

    async def _end_sessions(self, user_id: uuid.UUID) -> None:
        await self.session.execute(delete(AuthSession).where(AuthSession.user_id == user_id))

    def _tokens(self, user_id: uuid.UUID, session_id: uuid.UUID, scopes: Sequence[str]) -> tuple[TokenPair, Claims]:
        access_token, _ = create_token("access", user_id, session_id, scopes)
        refresh_token, claims = create_token("refresh", user_id, session_id, scopes)
        return TokenPair(access_token=access_token, refresh_token=refresh_token), claims


AuthServiceDep = Annotated[AuthService, Depends()]

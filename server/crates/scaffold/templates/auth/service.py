"""Sessions of users, and their passwords."""

import logging
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import CursorResult, UpdateBase, delete, func, or_, {{ "" if is_sqlmodel else "select, " }}update
from sqlalchemy.exc import IntegrityError
{% if is_sqlmodel %}
from sqlmodel import col, select
{% endif %}
from {{ session.class_module }} import {{ session.class }}

from {{ m.auth_model }} import AuthSession, PasswordReset
{{ imports.errors }}
from {{ m.mail }} import PasswordResetSender
from {{ m.schemas }} import SignUp, TokenPair
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
from {{ m.user_model }} import {{ user.class }}

logger = logging.getLogger(__name__)


class AuthService:
    """Signs users up, in and out."""

    def __init__(self, session: {{ session.class }}) -> None:
        """Work in the database session of one request."""
        self.session = session

    {{ def }} sign_up(self, data: SignUp) -> {{ user.class }}:
        """Create a user."""
{% if user.is_there %}
        if {{ aw }}self._find(data.email) is not None:
            raise {{ error(409, "There is an account with this e-mail address already") }}
{% endif %}
        hashed_password = {{ aw }}hash_password(data.password.get_secret_value())
        user = {{ user.class }}(**data.model_dump(exclude={"password"}), hashed_password=hashed_password)
        self.session.add(user)
        try:
{% if has_transaction %}
            {{ aw }}self.session.flush()
        except IntegrityError as error:
{% else %}
            {{ aw }}self.session.commit()
        except IntegrityError as error:
            {{ aw }}self.session.rollback()
{% endif %}
            raise {{ error(409, user.conflict) }} from error
        {{ aw }}self.session.refresh(user)
        return user

    {{ def }} log_in(self, email: str, password: str, scopes: Sequence[str]) -> TokenPair:
        """Begin a session with the scopes asked for, or all; the other one ends."""
        user = {{ aw }}self._find(email)
        is_right, new_hash = {{ aw }}verify_password(password, user.hashed_password if user else None)
        if user is None or not is_right or {{ user.inactive }}:
            logger.warning("A login failed")
            raise {{ error(401, "Wrong e-mail address or password") }}
        if new_hash is not None:
            user.hashed_password = new_hash
        user_id = user.id
        granted = [scope for scope in {{ user.scopes }} if scope in scopes or not scopes]
        # Who logs in at the same moment waits for this one.
        {{ aw }}self.session.{{ execute }}(select({{ col(user.class ~ ".id") }}).where({{ col(user.class ~ ".id") }} == user_id).with_for_update())
        {{ aw }}self._end_sessions(user_id)
        session_id = uuid.uuid4()
        tokens, claims = self._tokens(user_id, session_id, granted)
        self.session.add(
            AuthSession(
                {{ table.session_key }}=session_id,
                user_id=user_id,
                token_hash=hash_token(claims.jti),
                expires_at=datetime.now(UTC) + REFRESH_LIFETIME,
            )
        )
        {{ aw }}self.session.commit()
        logger.info("User %s logged in", user_id)
        return tokens

    {{ def }} refresh(self, token: str) -> TokenPair:
        """Exchange a refresh token once: its second use ends the session."""
        claims = read_token(token, "refresh")
        user = {{ aw }}self.user_of(claims)
        if user is None or {{ user.inactive }}:
            raise {{ error(401, "The token is not valid") }}
        granted = [scope for scope in claims.scopes if scope in {{ user.scopes }}]
        tokens, new_claims = self._tokens(user.id, claims.sid, granted)
        # Compared and replaced at once: of two only one succeeds.
        rotated = {{ aw }}self._count(
            update(AuthSession)
            .where({{ col("AuthSession." ~ table.session_key) }} == claims.sid, {{ col("AuthSession.token_hash") }} == hash_token(claims.jti))
            .values(token_hash=hash_token(new_claims.jti), expires_at=datetime.now(UTC) + REFRESH_LIFETIME)
        )
        if rotated != 1:
            {{ aw }}self.log_out(claims)
            logger.warning("A refresh token was used twice: session %s is revoked", claims.sid)
            raise {{ error(401, "The token is not valid") }}
        {{ aw }}self.session.commit()
        return tokens

    {{ def }} log_out(self, claims: Claims) -> None:
        """End the session of a token."""
        {{ aw }}self.session.{{ execute }}(delete(AuthSession).where({{ col("AuthSession." ~ table.session_key) }} == claims.sid))
        {{ aw }}self.session.commit()

    {{ def }} user_of(self, claims: Claims) -> {{ user.class }} | None:
        """Read the user of a token whose session has not ended."""
        query = (
            select({{ user.class }})
            .join(AuthSession, {{ col("AuthSession.user_id") }} == {{ col(user.class ~ ".id") }})
            .where(
                {{ col(user.class ~ ".id") }} == claims.sub,
                {{ col("AuthSession." ~ table.session_key) }} == claims.sid,
                {{ col("AuthSession.expires_at") }} > datetime.now(UTC),
            )
        )
        return {{ first("query") }}

    {{ def }} change_password(self, user: {{ user.class }}, current: str, new: str) -> None:
        """Change a password, which ends the session."""
        is_right, _ = {{ aw }}verify_password(current, user.hashed_password)
        if not is_right:
            raise {{ error(400, "The current password is wrong") }}
        {{ aw }}self._set_password(user, new)

    {{ def }} forget_password(self, email: str, send: PasswordResetSender) -> None:
        """Send a token that resets a password once, if there is such an account."""
        user = {{ aw }}self._find(email)
        if user is None or {{ user.inactive }}:
            # The request may have ended: give its connection back.
            {{ aw }}self.session.rollback()
            return
        token = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        outdated = or_({{ col("PasswordReset.user_id") }} == user.id, {{ col("PasswordReset.expires_at") }} <= now)
        {{ aw }}self.session.{{ execute }}(delete(PasswordReset).where(outdated))
        reset = PasswordReset(user_id=user.id, token_hash=hash_token(token), expires_at=now + RESET_LIFETIME)
        self.session.add(reset)
        {{ aw }}self.session.commit()
        {{ aw }}send(email, token)

    {{ def }} reset_password(self, token: str, new: str) -> None:
        """Set a new password with a token, which is used up then."""
        is_token = {{ col("PasswordReset.token_hash") }} == hash_token(token)
        query = (
            select({{ user.class }})
            .join(PasswordReset, {{ col("PasswordReset.user_id") }} == {{ col(user.class ~ ".id") }})
            .where(is_token, {{ col("PasswordReset.expires_at") }} > datetime.now(UTC))
        )
        user = {{ first("query") }}
        used = {{ aw }}self._count(delete(PasswordReset).where(is_token))
        if user is None or used != 1:
            {{ aw }}self.session.commit()
            raise {{ error(400, "The token is not valid") }}
        {{ aw }}self._set_password(user, new)

    {{ def }} _find(self, email: str) -> {{ user.class }} | None:
        # PostgreSQL refuses text with a null character.
        if "\0" in email:
            return None
{% if user.is_there %}
        return {{ first("select(" ~ user.class ~ ").where(func.lower(" ~ user.class ~ ".email) == email)") }}
{% else %}
        return {{ first("select(" ~ user.class ~ ").where(" ~ col(user.class ~ ".email") ~ " == email)") }}
{% endif %}

    {{ def }} _count(self, statement: UpdateBase) -> int:
        """Change rows; how many there were to change."""
        result = {{ aw }}self.session.{{ execute }}(statement)
        return result.rowcount{{ "" if is_sqlmodel else " if isinstance(result, CursorResult) else 0" }}

    {{ def }} _set_password(self, user: {{ user.class }}, new: str) -> None:
        user_id = user.id
        user.hashed_password = {{ aw }}hash_password(new)
        {{ aw }}self._end_sessions(user_id)
        {{ aw }}self.session.{{ execute }}(delete(PasswordReset).where({{ col("PasswordReset.user_id") }} == user_id))
        {{ aw }}self.session.commit()
        logger.info("User %s has a new password", user_id)

    {{ def }} _end_sessions(self, user_id: {{ key.python }}) -> None:
        {{ aw }}self.session.{{ execute }}(delete(AuthSession).where({{ col("AuthSession.user_id") }} == user_id))

    def _tokens(self, user_id: {{ key.python }}, session_id: uuid.UUID, scopes: Sequence[str]) -> tuple[TokenPair, Claims]:
        access_token, _ = create_token("access", user_id, session_id, scopes)
        refresh_token, claims = create_token("refresh", user_id, session_id, scopes)
        return TokenPair(access_token=access_token, refresh_token=refresh_token), claims

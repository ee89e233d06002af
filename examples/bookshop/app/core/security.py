import uuid
from datetime import timedelta

import jwt
from anyio import to_thread
from pwdlib import PasswordHash

from app.core.config import settings
from app.core.db import utc_now
from app.core.errors import InvalidTokenError

ALGORITHM = "HS256"

_password_hash = PasswordHash.recommended()


async def hash_password(password: str) -> str:
    # Argon2 is slow on purpose: keep it off the event loop.
    return await to_thread.run_sync(_password_hash.hash, password)


async def verify_password(password: str, hashed: str) -> bool:
    return await to_thread.run_sync(_password_hash.verify, password, hashed)


def create_access_token(user_id: uuid.UUID) -> str:
    issued_at = utc_now()
    claims = {
        "sub": str(user_id),
        "iat": issued_at,
        "exp": issued_at + timedelta(minutes=settings.access_token_minutes),
    }
    return jwt.encode(claims, settings.secret_key.get_secret_value(), algorithm=ALGORITHM)


def read_access_token(token: str) -> uuid.UUID:
    """Return the user the token was issued to, or raise `InvalidTokenError`."""
    try:
        claims = jwt.decode(
            token,
            settings.secret_key.get_secret_value(),
            algorithms=[ALGORITHM],
            options={"require": ["sub", "exp"]},
        )
        return uuid.UUID(claims["sub"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidTokenError from error

"""API keys: issued once, stored as hashes."""

import hashlib
import secrets
import uuid
from datetime import UTC, datetime

{% if is_sqlmodel %}
from sqlmodel import col, select
{% else %}
from sqlalchemy import select
{% endif %}
from {{ session.class_module }} import {{ session.class }}

from {{ m.model }} import ApiKey


def hash_secret(secret: str) -> str:
    """Hash a random secret to store; it can't be guessed, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyService:
    """Issues, recognises and revokes API keys."""

    def __init__(self, session: {{ session.class }}) -> None:
        """Work in the database session of one request."""
        self.session = session

    {{ def }} issue(self, name: str) -> str:
        """Make a key, which can't be read again."""
        key_id, secret = uuid.uuid4(), secrets.token_urlsafe(32)
        self.session.add(ApiKey({{ table.session_key }}=key_id, name=name, secret_hash=hash_secret(secret)))
        {{ aw }}self.session.commit()
        return f"{key_id.hex}.{secret}"

    {{ def }} find(self, text: str) -> ApiKey | None:
        """Read the key that a client sent, if it is one and not revoked."""
        written_id, _, secret = text.partition(".")
        try:
            key_id = uuid.UUID(written_id)
        except ValueError:
            return None
        query = select(ApiKey).where({{ col("ApiKey." ~ table.session_key) }} == key_id)
        key = {{ first("query") }}
        # Without a key the same work is done, in the same time.
        expected = key.secret_hash if key else hash_secret("")
        is_right = secrets.compare_digest(expected, hash_secret(secret))
        return key if key and is_right and key.revoked_at is None else None

    {{ def }} revoke(self, key: ApiKey) -> None:
        """Let a key open nothing any more."""
        key.revoked_at = datetime.now(UTC)
        {{ aw }}self.session.commit()

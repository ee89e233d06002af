"""Passwords and tokens."""

import base64
import binascii
import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fastapi.concurrency import run_in_threadpool
from jwt.algorithms import RSAAlgorithm
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher
from pydantic import BaseModel, ValidationError

{{ imports.errors }}
{{ imports.settings }}

ALGORITHM = "{{ "RS256" if is_jwks else "HS256" }}"
ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=1)

TokenType = Literal["access", "refresh"]

{% if is_bcrypt %}
# bcrypt reads no more of a password.
MAX_PASSWORD_BYTES = 72
password_hash = PasswordHash([BcryptHasher(rounds=12)])
{% else %}
MAX_PASSWORD_BYTES = 1024
password_hash = PasswordHash([Argon2Hasher()])
{% endif %}
# What the passwords of unknown accounts are compared with: it takes as long.
DUMMY_HASH = password_hash.hash(secrets.token_urlsafe())


class Claims(BaseModel):
    """What a token says."""

    sub: {{ key.python }}
    sid: uuid.UUID
    jti: str
    type: TokenType
    scope: str = ""

    @property
    def scopes(self) -> list[str]:
        """What the token allows."""
        return self.scope.split()


{% if is_jwks %}
def load_keys(text: str) -> dict[str, RSAPrivateKey]:
    """Read private keys (PEM, or that in base64) by thumbprint; the first one signs."""
    if "-----BEGIN" not in text:
        try:
            text = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ValueError("the private keys are neither PEM nor that in base64") from error
    blocks = re.findall(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", text.replace("\\n", "\n"), re.DOTALL)
    keys: dict[str, RSAPrivateKey] = {}
    for block in blocks:
        key = load_pem_private_key(block.encode(), password=None)
        if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
            raise ValueError("a private key has to be RSA of 2048 bits or more")
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        canonical = f'{% raw %}{{"e":"{jwk["e"]}","kty":"RSA","n":"{jwk["n"]}"}}{% endraw %}'
        digest = hashlib.sha256(canonical.encode()).digest()
        keys[base64.urlsafe_b64encode(digest).rstrip(b"=").decode()] = key
    if not keys:
        raise ValueError("there is no private key")
    return keys


# Read at once, so that an app without usable keys does not start.
KEYS = load_keys({{ secret }}.get_secret_value())


def public_keys() -> list[dict[str, Any]]:
    """List the public keys that tokens can be verified with, as JWKs."""
    jwks = {kid: RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) for kid, key in KEYS.items()}
    return [
        {"kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": kid, "n": jwk["n"], "e": jwk["e"]}
        for kid, jwk in jwks.items()
    ]


def verification_key(token: str) -> Any:
    """Find the key that a token says it was signed with."""
    kid = jwt.get_unverified_header(token).get("kid")
    if not isinstance(kid, str) or kid not in KEYS:
        raise jwt.InvalidTokenError("unknown key")
    return KEYS[kid].public_key()


{% endif %}
{% if aw %}
async def hash_password(password: str) -> str:
    """Hash a password, on another thread, as it takes long by design."""
    return await run_in_threadpool(password_hash.hash, password)
{% else %}
def hash_password(password: str) -> str:
    """Hash a password, which takes long by design."""
    return password_hash.hash(password)
{% endif %}


{{ def }} verify_password(password: str, hashed_password: str | None) -> tuple[bool, str | None]:
    """Compare a password with a hash; with a new hash where the old one is weak.

    Without a hash, as no account has the address, the same work is done.
    """
    fits = len(password.encode()) <= MAX_PASSWORD_BYTES
{% if aw %}
    is_right, new_hash = await run_in_threadpool(
        password_hash.verify_and_update,
        password if fits else "",
        hashed_password or DUMMY_HASH,
    )
{% else %}
    is_right, new_hash = password_hash.verify_and_update(password if fits else "", hashed_password or DUMMY_HASH)
{% endif %}
    is_known = fits and hashed_password is not None
    return is_right and is_known, new_hash if is_known else None


def hash_token(token: str) -> str:
    """Hash a random token to store; it can't be guessed, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    kind: TokenType, user_id: {{ key.python }}, session_id: uuid.UUID, scopes: Sequence[str]
) -> tuple[str, Claims]:
    """Sign a token."""
    claims = Claims(
        sub=user_id,
        sid=session_id,
        jti=secrets.token_urlsafe(16),
        type=kind,
        scope=" ".join(scopes),
    )
    now = datetime.now(UTC)
    lifetime = ACCESS_LIFETIME if kind == "access" else REFRESH_LIFETIME
    payload = claims.model_dump(mode="json") | {"sub": str(user_id), "iat": now, "exp": now + lifetime}
{% if is_jwks %}
    kid, key = next(iter(KEYS.items()))
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid}), claims
{% else %}
    key = {{ secret }}.get_secret_value()
    return jwt.encode(payload, key, algorithm=ALGORITHM), claims
{% endif %}


def read_token(token: str, kind: TokenType) -> Claims:
    """Verify a token of one kind; an error where it is anything else."""
    required = ["sub", "sid", "exp", "iat", "jti", "type"]
    try:
{% if is_jwks %}
        key = verification_key(token)
{% else %}
        key = {{ secret }}.get_secret_value()
{% endif %}
        payload = jwt.decode(token, key, algorithms=[ALGORITHM], options={"require": required})
        claims = Claims.model_validate(payload)
    except (jwt.InvalidTokenError, ValidationError) as error:
        raise {{ error(401, "The token is not valid") }} from error
    if claims.type != kind:
        raise {{ error(401, "The token is not valid") }}
    return claims

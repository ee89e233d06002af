import hashlib
import hmac
import secrets

from app.core.config import settings


def create_access_token(subject: int) -> str:
    return f"{subject}.{_signature(str(subject))}"


def read_access_token(token: str) -> int | None:
    subject, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(subject).encode()):
        return None
    return int(subject)


def get_password_hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_digest(password, salt)}"


def verify_password(password: str, hashed_password: str) -> bool:
    salt, _, digest = hashed_password.partition(":")
    return hmac.compare_digest(_digest(password, bytes.fromhex(salt)), digest)


def _digest(password: str, salt: bytes) -> str:
    return hashlib.scrypt(
        password.encode(errors="replace"), salt=salt, n=2**12, r=8, p=1
    ).hex()


def _signature(text: str) -> str:
    return hmac.digest(
        settings.SECRET_KEY.encode(), text.encode(errors="replace"), "sha256"
    ).hex()

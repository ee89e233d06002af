"""What clients send and get to sign up and in."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, SecretStr

from {{ m.security }} import ACCESS_LIFETIME, MAX_PASSWORD_BYTES
{{ imports.extras }}


def check_password(password: SecretStr) -> SecretStr:
    """Refuse a password that is too easy to guess."""
    text = password.get_secret_value()
    if len(text) < 8:
        raise ValueError("a password has at least 8 characters")
    if len(text.encode()) > MAX_PASSWORD_BYTES:
        raise ValueError(f"a password has at most {MAX_PASSWORD_BYTES} bytes")
    if "\0" in text:
        raise ValueError("a password has no null character")
    for test, what in [(str.isupper, "upper case letter"), (str.islower, "lower case letter"), (str.isdigit, "digit")]:
        if not any(test(character) for character in text):
            raise ValueError(f"a password has at least one {what}")
    return password


Email = Annotated[EmailStr, Field(max_length={{ user.email_length }}), AfterValidator(str.lower)]
NewPassword = Annotated[SecretStr, AfterValidator(check_password)]


class SignUp(BaseModel):
    """A new account."""

    email: Email
    password: NewPassword
{% for extra in user.extras %}
    {{ extra.declaration }}
{% endfor %}


{% if not user.read %}
class UserRead(BaseModel):
    """A user as clients see it."""

    model_config = ConfigDict(from_attributes=True)

    id: {{ key.python }}
    email: str
{% if not user.is_there %}
    is_active: bool
    role: str
    scopes: list[str]
{% endif %}


{% endif %}
class TokenPair(BaseModel):
    """The tokens of a session."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = Field(default="bearer")
    expires_in: int = Field(default=int(ACCESS_LIFETIME.total_seconds()))


class RefreshRequest(BaseModel):
    """A refresh token to be exchanged."""

    refresh_token: str


class PasswordChange(BaseModel):
    """A new password, and the one until now."""

    current_password: SecretStr
    new_password: NewPassword


class ForgotPassword(BaseModel):
    """The address of an account whose password is forgotten."""

    email: Email


class ResetPassword(BaseModel):
    """A new password, and the token that was sent."""

    token: str
    new_password: NewPassword

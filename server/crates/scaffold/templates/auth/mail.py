"""What is sent to users."""

import logging
from typing import Annotated, Protocol

from fastapi import Depends

logger = logging.getLogger(__name__)


class PasswordResetSender(Protocol):
    """Sends the token with which a password can be reset."""

    {{ def }} __call__(self, email: str, token: str, /) -> None:
        """Send it."""


{{ def }} send_nothing(_email: str, _token: str) -> None:
    """Stand in until the app can send mail; neither argument may be logged."""
    logger.warning("A password reset was asked for, but there is no way to send it")


def get_password_reset_sender() -> PasswordResetSender:
    """Return what sends password resets: put your own in its place here."""
    return send_nothing


PasswordResetSenderDep = Annotated[PasswordResetSender, Depends(get_password_reset_sender)]

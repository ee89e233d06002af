from uuid import UUID

from app.exceptions import ConflictError, NotFoundError


class UserNotFoundError(NotFoundError):
    def __init__(self, user_id: UUID) -> None:
        super().__init__(f"User {user_id} doesn't exist")


class UserExistsError(ConflictError):
    def __init__(self) -> None:
        super().__init__("Username or email is taken")

from sqlalchemy import select

from app.models.user import User
from app.repositories.base import BaseRepository


class UserRepository(BaseRepository[User]):
    """Access to users."""

    model = User

    async def get_by_email(self, email: str) -> User | None:
        """Look up a user by address.

        Args:
            email: The address.

        Returns:
            The user, or None if nobody has it.
        """
        return (await self.session.scalars(select(User).where(User.email == email))).one_or_none()

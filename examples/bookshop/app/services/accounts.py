from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError, InvalidCredentialsError
from app.core.security import hash_password, verify_password
from app.models import User
from app.repositories.accounts import find_user_by_email
from app.schemas.accounts import UserCreate, UserUpdate


class AccountService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def register(self, user_in: UserCreate) -> User:
        user = User(
            email=user_in.email.lower(),
            full_name=user_in.full_name,
            hashed_password=await hash_password(user_in.password.get_secret_value()),
        )
        self._session.add(user)
        await self._commit()
        return user

    async def update(self, user: User, user_in: UserUpdate) -> User:
        changes = user_in.model_dump(exclude_unset=True, exclude_none=True)
        if "email" in changes:
            changes["email"] = changes["email"].lower()
        user.apply(changes)
        await self._commit()
        return user

    async def authenticate(self, email: str, password: str) -> User:
        user = await find_user_by_email(self._session, email.lower())
        if user is None:
            # Takes as long as a wrong password, so that the time doesn't tell which emails exist.
            await hash_password(password)
            raise InvalidCredentialsError
        if not await verify_password(password, user.hashed_password):
            raise InvalidCredentialsError
        return user

    async def _commit(self) -> None:
        try:
            await self._session.commit()
        except IntegrityError as error:
            raise ConflictError("The email is already registered") from error

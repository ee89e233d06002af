from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import get_db
from app.models import Role, User

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="login")
DbDep = Annotated[Session, Depends(get_db)]


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)], db: DbDep) -> User:
    # Whoever stands in front of the service has checked it.
    user = db.scalar(select(User).where(User.email == token))
    if user is None:
        raise HTTPException(status_code=401, detail="Who are you?")
    return user


def get_active_user(user: Annotated[User, Depends(get_current_user)]) -> User:
    if not user.is_active:
        raise HTTPException(status_code=400, detail="Inactive")
    return user


ActiveUser = Annotated[User, Depends(get_active_user)]


def require_role(*roles: Role) -> Callable[[User], User]:
    def check(user: ActiveUser) -> User:
        if user.role not in roles:
            raise HTTPException(status_code=403, detail="Not allowed")
        return user

    return check


EditorUser = Annotated[User, Depends(require_role(Role.EDITOR))]

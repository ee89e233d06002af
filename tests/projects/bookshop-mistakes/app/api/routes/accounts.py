from typing import Annotated

from fastapi import APIRouter, Depends, status
from fastapi.security import OAuth2PasswordRequestForm

from app.api.deps import AccountServiceDep, CurrentUser, require_staff
from app.core.security import create_access_token
from app.models import User
from app.schemas.accounts import Token, UserCreate, UserPublic, UserUpdate

router = APIRouter(prefix="/accounts", tags=["accounts"])
registration_router = APIRouter(prefix="/accounts", tags=["accounts"])
staff_router = APIRouter(prefix="/staff", tags=["staff"])


@router.post("/token")
async def create_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], accounts: AccountServiceDep
) -> Token:
    user = await accounts.authenticate(form.username, form.password)
    return Token(access_token=create_access_token(user.id))


@router.get("/me", response_model=UserPublic)
async def read_me(user: CurrentUser) -> User:
    return user


@router.patch("/me", response_model=UserPublic)
async def update_me(user_in: UserUpdate, user: CurrentUser, accounts: AccountServiceDep) -> User:
    return await accounts.update(user, user_in)


@registration_router.post("", response_model=UserPublic, status_code=status.HTTP_201_CREATED)
async def register(user_in: UserCreate, accounts: AccountServiceDep) -> User:
    return await accounts.register(user_in)


@staff_router.get("/me", response_model=UserPublic, dependencies=[Depends(require_staff)])
async def read_staff_me(user: CurrentUser) -> User:
    return user

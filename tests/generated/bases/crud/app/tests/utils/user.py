from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app import crud
from app.models.user import User
from app.schemas.user import UserCreate
from app.tests.utils.utils import get_token_headers, random_email, random_lower_string


def create_random_user(db: Session) -> User:
    user_in = UserCreate(email=random_email(), password=random_lower_string())
    return crud.user.create(db=db, obj_in=user_in)


def authentication_token_from_email(
    *, client: TestClient, email: str, db: Session
) -> dict[str, str]:
    password = random_lower_string()
    crud.user.create(db, obj_in=UserCreate(email=email, password=password))
    return get_token_headers(client=client, email=email, password=password)

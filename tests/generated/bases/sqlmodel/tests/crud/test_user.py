from sqlmodel import Session

from app import crud
from app.models import UserCreate, UserUpdate
from tests.utils import create_random_user, random_email


def test_create_user(db: Session) -> None:
    email = random_email()
    user = crud.create_user(session=db, user_create=UserCreate(email=email))
    assert user.email == email
    assert user.is_active


def test_update_user(db: Session) -> None:
    user = create_random_user(db)
    user_in = UserUpdate(full_name="Ada Lovelace")
    user = crud.update_user(session=db, db_user=user, user_in=user_in)
    assert user.full_name == "Ada Lovelace"
    assert user.is_active

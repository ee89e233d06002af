import secrets
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _ephemeral_secret() -> SecretStr:
    return SecretStr(secrets.token_urlsafe(32))


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOOKSHOP_", env_file=".env", extra="ignore")

    project_name: str = "Bookshop"
    api_v1_prefix: str = "/api/v1"
    environment: Literal["local", "staging", "production"] = "local"

    database_url: str = "sqlite+aiosqlite:///./bookshop.db"

    secret_key: SecretStr = Field(default_factory=_ephemeral_secret, min_length=32)
    access_token_minutes: int = Field(default=30, gt=0)
    open_registration: bool = True

    @model_validator(mode="after")
    def _require_secret_key(self) -> "Settings":
        # A key made at start-up ends every session at the next one, and differs between workers.
        if self.environment != "local" and "secret_key" not in self.model_fields_set:
            raise ValueError("BOOKSHOP_SECRET_KEY must be set outside the local environment")
        return self


settings = Settings()

"""Settings of the service, read from the environment and from `.env`."""

from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    app_name: str = "Cookbook"
    database_url: str = "sqlite+aiosqlite:///cookbook.db"


@lru_cache
def get_settings() -> Settings:
    """Return the settings; they are read once."""
    return Settings()

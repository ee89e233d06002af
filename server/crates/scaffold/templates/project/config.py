"""Settings, read from the environment and from `.env`."""

from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What differs from one deployment to the next."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    project_name: str = {{ project }}
    database_url: str = "{{ database_url }}"


@lru_cache
def get_settings() -> Settings:
    """Return the settings, which are read once."""
    return Settings()

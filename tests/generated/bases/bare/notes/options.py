from pydantic_settings import BaseSettings, SettingsConfigDict


class Options(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    DATABASE_URL: str = "sqlite:///notes.db"
    API_PREFIX: str = "/v2"


options = Options()

class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write in UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC what has no time zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, TypeDecorator


{% include "database/utc_datetime.py" %}

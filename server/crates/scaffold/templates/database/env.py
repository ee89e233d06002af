"""How migrations reach the database, and which tables they are for."""

import asyncio
import importlib
import pkgutil
from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

{% if package %}
import {{ package }}
{% endif %}
{% if has_metadata %}
from {{ base }} import metadata
{% else %}
from {{ base }} import {{ class }}
{% endif %}
from {{ settings.module }} import {{ settings.name }}

if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

{% if package %}
# A table is known once its module is imported.
for found in pkgutil.walk_packages({{ package }}.__path__, "{{ package }}."):
    importlib.import_module(found.name)

{% endif %}
{% if has_metadata %}
target_metadata = metadata
{% else %}
target_metadata = {{ class }}.metadata
{% endif %}
url = {{ settings.expression }}.{{ settings.fields.database_url }}


def run_migrations_offline() -> None:
    """Write what would be done as SQL."""
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations(connection: Connection) -> None:
    """Run the migrations; SQLite changes a table by copying it."""
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


{% if is_async %}
async def run_migrations_online() -> None:
    """Connect, and run the migrations."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run_migrations)
    await engine.dispose()
{% else %}
def run_migrations_online() -> None:
    """Connect, and run the migrations."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        run_migrations(connection)
    engine.dispose()
{% endif %}


if context.is_offline_mode():
    run_migrations_offline()
else:
    {{ "asyncio.run(run_migrations_online())" if is_async else "run_migrations_online()" }}

//! `routewright add database`.

use super::args::PlaceOptions;
use clap::{Args as ClapArgs, ValueEnum};
use ide::{Database, DatabaseRequest, Orm, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add database          engine, session and base of the tables, for SQLite
  routewright add database --database postgresql --migrations
                                    the same for PostgreSQL, with Alembic
  routewright add database --orm sqlmodel --dry-run
                                    what would change, as a diff

A project that has a database keeps it.")]
pub(crate) struct DatabaseOptions {
    /// The database
    #[arg(long, value_enum, value_name = "DATABASE", default_value = "sqlite")]
    database: DatabaseOption,
    /// How tables are written
    ///
    /// [default: as `[tool.routewright.style]` says, else sqlalchemy]
    #[arg(long, value_enum, value_name = "ORM")]
    orm: Option<OrmOption>,
    /// Let Alembic make and change the tables
    #[arg(long)]
    migrations: bool,
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DatabaseOption {
    /// By aiosqlite
    Sqlite,
    /// By asyncpg
    Postgresql,
    /// By asyncmy
    Mysql,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OrmOption {
    /// SQLAlchemy's declarative classes
    Sqlalchemy,
    /// SQLModel's
    Sqlmodel,
}

impl DatabaseOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Database(DatabaseRequest {
            database: match self.database {
                DatabaseOption::Sqlite => Database::Sqlite,
                DatabaseOption::Postgresql => Database::Postgresql,
                DatabaseOption::Mysql => Database::Mysql,
            },
            orm: self.orm.map(|orm| match orm {
                OrmOption::Sqlalchemy => Orm::Sqlalchemy,
                OrmOption::Sqlmodel => Orm::Sqlmodel,
            }),
            migrations: self.migrations,
        })
    }
}

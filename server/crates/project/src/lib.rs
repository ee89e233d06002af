//! What is on disk: source roots, files, environments, library versions and configuration.
//!
//! [`Project::discover`] walks the workspace once and answers from tables afterwards; [`Project::file_added`] and
//! [`Project::file_removed`] keep them up to date. Nothing here reads Python beyond its import lines.

mod config;
mod discover;
mod dotenv;
mod entry;
mod environment;
mod evidence;
mod excludes;
#[cfg(test)]
mod fixture;
mod formatter;
mod layout;
mod resolve;
mod roots;
mod service;
mod stdlib;
mod versions;
mod workspace;

pub use config::{
    Config, ConfigProblem, Key, Kind, Level, docs_table, json_schema, keys, nearest, rule_keys, style_keys,
};
pub use discover::{DATA_SUFFIXES, MAX_FILE_BYTES, Note, is_skipped_folder};
pub use entry::{EntryPoint, EntryPointOrigin};
pub use environment::{Environment, EnvironmentHints};
pub use formatter::{LineLength, Quotes};
pub use resolve::Resolution;
pub use roots::{enclosing, is_marker, workspace_of};
pub use stdlib::is_standard_library;
pub use versions::{DISTRIBUTIONS, Origin, normalized_name};
pub use workspace::{Options, Project, Reload};

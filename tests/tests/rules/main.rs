//! The rules, held against Markdown suites, their own documentation, and whole projects.

#![allow(clippy::unwrap_used, clippy::panic)] // Tests fail by panicking.

mod bookshop;
mod case;
mod docs;
mod fixes;
mod project;
mod suites;

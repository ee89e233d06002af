//! Protocol sessions: what editors ask and what the real server answers.

#![allow(clippy::unwrap_used, clippy::panic)] // Tests fail by panicking.

mod actions;
mod diagnostics;
mod documents;
mod encodings;
mod files;
mod initialize;
mod navigation;
mod versions;

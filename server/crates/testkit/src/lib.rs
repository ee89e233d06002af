//! Test helpers: fixtures, an LSP client, running the real binary.
#![allow(clippy::unwrap_used, reason = "a helper that can't go on fails the test it helps")]

mod binary;
mod client;
mod project;
mod shop;

pub use binary::binary;
pub use client::{Client, MOMENT, Setup, TIMEOUT, frame, uri};
pub use project::Project;
pub use shop::{ITEMS, MAIN, Shop, place};

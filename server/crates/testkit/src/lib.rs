//! Test helpers: fixtures, an LSP client, running the real binary.

mod binary;
mod client;
mod shop;

pub use binary::binary;
pub use client::{Client, Setup, TIMEOUT, frame, uri};
pub use shop::{ITEMS, MAIN, Shop, place};

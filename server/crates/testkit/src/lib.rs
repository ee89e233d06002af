//! Test helpers: fixtures, an LSP client, running the real binary.

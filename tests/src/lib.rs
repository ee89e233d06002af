//! Tests that drive the real binary live beside this file, one concern each.

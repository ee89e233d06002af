//! The rules: one file each with documentation, condition, fix and tests.

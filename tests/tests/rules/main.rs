//! The rules, held against Markdown suites, their own documentation, and whole projects.

#![cfg(test)]

mod bookshop;
mod case;
mod docs;
mod fixes;
mod project;
mod quiet;
mod suites;

//! Insert endpoint, held against before-and-after cases that a person has read.
//!
//! A case is a heading of `tests/scaffold/*.md` with the project's files, the file and request in JSON, and the edit as a
//! diff. `UPDATE_GOLDENS=1` writes the diffs anew; read them before they are committed.

#![cfg(test)]

mod active;
mod alone;
mod auth;
mod bookshop;
mod case;
mod copies;
mod crud_objects;
mod goldens;
mod ground;
mod habits;
mod holders;
mod includes;
mod migrations;
mod model;
mod nouns;
mod of_model;
mod offers;
mod ownership;
mod parts;
mod people;
mod releases;
mod require;
mod resource;
mod schemas;
mod settable;
mod siblings;
mod tools;

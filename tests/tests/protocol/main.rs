//! Protocol sessions: what editors ask and what the real server answers.

mod actions;
mod diagnostics;
mod documents;
mod encodings;
mod files;
mod initialize;
mod navigation;

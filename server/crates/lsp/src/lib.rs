//! The language server: front, session, handlers and conversions. The only room that knows LSP.
//!
//! A message goes one way: [`transport`] decodes it, [`front`] calls its handler in the order of arrival, the handler
//! changes the [`session`]'s host or answers from a snapshot on the pool, [`convert`] and [`edits`] say it in the client's
//! terms. What the server says by itself goes through the [`outbox`].

mod actions;
mod backend;
mod capabilities;
mod changes;
mod commands;
mod convert;
mod custom;
mod edits;
mod front;
mod outbox;
mod published;
mod pull;
mod server;
mod session;
mod settings;
mod transport;
mod uris;
mod watch;
mod worker;

pub use server::{StartError, run, run_stdio};
pub use settings::DIAGNOSTICS_DEBOUNCE;

//! The language server: front, session, handlers and conversions. The only room that knows LSP.

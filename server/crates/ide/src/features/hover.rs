//! Hover: a card on framework tokens, nothing elsewhere.

use super::token::Token;
use crate::Analysis;
use base::{FileId, Span};

/// A card and the token it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub markdown: String,
    /// The token, in bytes.
    pub span: Span,
}

impl Analysis {
    /// The card of the framework token at `offset`.
    #[must_use]
    pub fn hover(&self, file: FileId, offset: u32) -> Option<Hover> {
        let (token, span) = self.token_at(file, offset)?;
        let markdown = match token {
            Token::Operation(id) => self.operation_card(id),
            Token::Endpoint(id) => self.endpoint_card(id),
            Token::Included(id) | Token::Router(id) => self.router_card(id),
            Token::Dependency(id) => self.dependency_card(id),
            Token::Depends(id) => self.depends_card(id)?,
            Token::Schema(id) => self.schema_card(id),
            Token::Response(response) => self.schema_card(self.schema_at(file, offset, response)?),
        };
        Some(Hover { markdown, span })
    }
}

//! Goto definition, from framework tokens only.

use super::token::Token;
use crate::Analysis;
use base::{FileId, Span};
use model::{CallableId, DependsTarget, Fact, Files, Place, RouterId, SchemaId, TypeUse};

/// Where a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The token that leads there, in bytes of the file that was asked about.
    pub origin: Span,
    /// The file.
    pub file: FileId,
    /// The whole definition, in bytes.
    pub full: Span,
    /// Its name, in bytes.
    pub name: Span,
}

impl Analysis {
    /// Where the framework token at `offset` leads: from `include_router(x)` to the router, from `Depends(x)` to the
    /// dependency, from `response_model=X` to the schema, from a decorator to its function.
    #[must_use]
    pub fn definition(&self, file: FileId, offset: u32) -> Option<Target> {
        let (token, origin) = self.token_at(file, offset)?;
        match token {
            Token::Operation(id) => {
                let endpoint = self.model().operations[id.0 as usize].endpoint.known()?;
                self.callable_target(origin, *endpoint)
            }
            Token::Included(id) => self.router_target(origin, id),
            Token::Depends(id) => match self.model().depends[id.0 as usize].target {
                Fact::Known(DependsTarget::Callable(id) | DependsTarget::CalledFunction(id)) => {
                    self.callable_target(origin, id)
                }
                _ => None,
            },
            Token::Response(response) => self.schema_target(file, offset, origin, response),
            Token::Endpoint(_) | Token::Dependency(_) | Token::Schema(_) | Token::Router(_) => None,
        }
    }

    fn callable_target(&self, origin: Span, id: CallableId) -> Option<Target> {
        let callable = &self.model().callables[id.0 as usize];
        let def = callable.def?;
        let name = self.sources().span(def);
        let full = callable.stmt.map_or(name, |stmt| self.stmt_span(stmt));
        Some(Target {
            origin,
            file: def.file,
            full,
            name,
        })
    }

    fn router_target(&self, origin: Span, id: RouterId) -> Option<Target> {
        let router = &self.model().routers[id.0 as usize];
        let place: Place = router.bound_at.unwrap_or(router.made_at);
        let name = self.sources().span(place);
        Some(Target {
            origin,
            file: place.file,
            full: name,
            name,
        })
    }

    /// Of several schemas in an annotation the one whose name stands at `offset`.
    pub(crate) fn schema_at(&self, file: FileId, offset: u32, response: &TypeUse) -> Option<SchemaId> {
        let source = self.source(file);
        let word = word_at(&source.text, offset);
        let schemas = &self.model().schemas;
        let mut named = response.schemas.iter().copied();
        named.find(|id| *schemas[id.0 as usize].name == *word)
    }

    fn schema_target(&self, file: FileId, offset: u32, origin: Span, response: &TypeUse) -> Option<Target> {
        let schema = &self.model().schemas[self.schema_at(file, offset, response)?.0 as usize];
        Some(Target {
            origin,
            file: schema.def.file,
            full: self.stmt_span(schema.stmt),
            name: self.sources().span(schema.def),
        })
    }

    /// The span of a statement.
    pub(crate) fn stmt_span(&self, place: model::StmtPlace) -> Span {
        self.sources().spans(place.file).stmt(place.unit, place.stmt)
    }
}

/// The identifier that `offset` touches.
fn word_at(text: &str, offset: u32) -> &str {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let (Some(before), Some(after)) = (text.get(..offset as usize), text.get(offset as usize..)) else {
        return "";
    };
    let start = before.len()
        - before
            .chars()
            .rev()
            .take_while(|c| is_word(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    let end = before.len()
        + after
            .chars()
            .take_while(|c| is_word(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_brackets_and_borders() {
        assert_eq!(word_at("list[ItémPublic]", 7), "ItémPublic");
        assert_eq!(word_at("Item", 4), "Item");
        assert_eq!(word_at("a, b", 2), "");
    }
}

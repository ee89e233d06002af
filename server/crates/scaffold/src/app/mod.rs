//! The app where it is made: the call, and the block of statements that prepares it.

mod block;

use crate::{Refusal, Site, draft::source};
pub(crate) use block::{Anchor, AppLine, reformatted, whole_lines};
use model::RouterKind;
use std::path::PathBuf;
use style::{Format, Source};

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct AppSite {
    /// The module that makes it.
    pub(crate) path: PathBuf,
    pub(crate) source: Source,
    /// Where in the module.
    pub(crate) anchor: Anchor,
    pub(crate) format: Format,
    /// Whether functions around it have docstrings.
    pub(crate) has_docstrings: bool,
    /// The arguments of its call by name, as they are written.
    keywords: block::Keywords,
}

impl AppSite {
    /// The app of a project, the entry point where there are several; nothing where there is none yet.
    ///
    /// # Errors
    /// Where it is made in a way that can't be extended.
    pub(crate) fn of(site: &Site<'_>) -> Result<Option<Self>, Refusal> {
        let model = site.ctx.model;
        let made = model.apps.iter().find_map(|app| {
            let router = model.routers.get(app.router.0 as usize)?;
            let path = site.ctx.files.path(router.made_at.file);
            let is_own = router.kind == RouterKind::FastApi && path.starts_with(site.root);
            is_own.then_some((router.made_at, path))
        });
        let Some((made_at, path)) = made else {
            return Ok(None);
        };
        let path = path.to_path_buf();
        let Some(source) = source(site, &path) else {
            return Ok(None);
        };
        let span = source.spans.expr(made_at.unit, made_at.expr);
        let shown = path.strip_prefix(site.root).unwrap_or(&path).display().to_string();
        let found = block::find_at(&source.text, span.start as usize)
            .map_err(|problem| Refusal::Broken(shown.clone(), problem))?;
        let Some((anchor, keywords)) = found else {
            return Err(Refusal::Unnamed(shown));
        };
        let profile = site.ctx.style(made_at.file);
        Ok(Some(Self {
            format: site.ctx.format_of(&source),
            has_docstrings: profile.is_none_or(|style| style.habits.docstrings.value),
            path,
            source,
            anchor,
            keywords,
        }))
    }

    /// What an argument of its call is, as it is written.
    pub(crate) fn keyword(&self, name: &str) -> Option<&str> {
        let mut keywords = self.keywords.iter();
        keywords.find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Whether its call may have arguments that can't be seen: `FastAPI(**options)`.
    pub(crate) fn has_hidden_keywords(&self) -> bool {
        self.keywords.iter().any(|(name, _)| name.is_empty())
    }
}

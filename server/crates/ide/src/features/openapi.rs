//! The OpenAPI document of an app.

use crate::{Analysis, Host};
use model::contract::Contract;
use openapi::Document;
use std::path::Path;

impl Host {
    /// The OpenAPI document of the app of this name, as the last refresh left the workspace; files in it are named
    /// relative to `root`. `None` where there is no such app. It is worked out anew each time. An app whose import fails
    /// has no paths.
    pub fn openapi(&self, root: &Path, app: &str) -> Option<Document> {
        let (analysis, contract) = self.contract(app)?;
        let document = analysis.document(root, &contract);
        Some(match analysis.failure_of(root, app) {
            Some(why) => openapi::without_paths(document, why),
            None => document,
        })
    }
}

impl Analysis {
    fn document(&self, root: &Path, contract: &Contract) -> Document {
        openapi::document(contract, &|why| match why.place {
            Some(place) => format!(
                "{} ({}:{})",
                why.text,
                self.display_path(place.file, root),
                self.line_of(place)
            ),
            None => why.text.to_string(),
        })
    }
}

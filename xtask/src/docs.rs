//! `xtask docs`: writes what is generated in `docs/`: the pages of rules and scaffolds from their own documentation, the page of
//! the configuration, and the JSON schema of an editor's settings. `package.json` of the VS Code extension takes its settings from that (`npm run settings`).

use crate::scaffolds_page::{self, PageError};
use std::{fs, io, path::Path};

/// Why the pages are not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocsError {
    /// The page of the scaffolds can't be made.
    #[error(transparent)]
    Scaffolds(#[from] PageError),
    /// A page can't be written.
    #[error("docs: {0}")]
    Write(#[from] io::Error),
}

/// Writes the pages below `root`, the repository, and removes those of rules that are no more.
///
/// # Errors
/// Whatever reading and writing fail with.
pub(crate) fn write(root: &Path) -> Result<(), DocsError> {
    let docs = root.join("docs");
    let pages = docs.join("rules");
    fs::create_dir_all(&pages)?;
    fs::write(docs.join("rules.md"), rules::overview())?;
    fs::write(docs.join("configuration.md"), ide::configuration_page())?;
    fs::write(
        docs.join("settings.schema.json"),
        format!("{:#}\n", ide::editor_schema()),
    )?;
    fs::write(docs.join("scaffolds.md"), scaffolds_page::page(root)?)?;
    for rule in rules::registry() {
        let name = rule.meta.name;
        fs::write(pages.join(format!("{name}.md")), rules::page(name).unwrap_or_default())?;
    }
    for entry in fs::read_dir(&pages)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if rules::rule(&name).is_none() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

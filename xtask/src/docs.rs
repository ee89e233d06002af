//! `xtask docs`: writes what is generated in `docs/`: the rules' pages from their own documentation, the page of the
//! configuration, and the JSON schema of an editor's settings. `package.json` of the VS Code extension takes its settings from that (`npm run settings`).

use std::{fs, io, path::Path};

/// Writes the pages below `root`, the repository, and removes those of rules that are no more.
///
/// # Errors
/// Whatever writing fails with.
pub(crate) fn write(root: &Path) -> io::Result<()> {
    let docs = root.join("docs");
    let pages = docs.join("rules");
    fs::create_dir_all(&pages)?;
    fs::write(docs.join("rules.md"), rules::overview())?;
    fs::write(docs.join("configuration.md"), ide::configuration_page())?;
    fs::write(
        docs.join("settings.schema.json"),
        format!("{:#}\n", ide::editor_schema()),
    )?;
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

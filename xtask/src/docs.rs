//! `xtask docs`: writes `docs/rules.md` and `docs/rules/<name>.md` from the rules' own documentation.

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

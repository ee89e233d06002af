//! Lists the templates, so that adding one touches its own file alone.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("templates");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut names = Vec::new();
    collect(&root, "", &mut names)?;
    names.sort();
    let entries: String = names
        .iter()
        .map(|name| format!("({name:?}, include_str!({:?})),\n", root.join(name)))
        .collect();
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("templates.rs");
    fs::write(target, format!("[{entries}]"))
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]
use std::time::Instant;
fn main() {
    let root = std::path::PathBuf::from(std::env::args().nth(1).unwrap())
        .canonicalize()
        .unwrap();
    let file = root.join(std::env::args().nth(2).unwrap());
    let host = ide::Host::new(vec![root.clone()], ide::HostOptions::default());
    let t = Instant::now();
    host.refresh();
    eprintln!("cold {:?}", t.elapsed());
    let text = std::fs::read_to_string(&file).unwrap();
    host.open(&file, 1, &text);
    host.refresh();
    for i in 0..8 {
        let changed = if i % 2 == 0 {
            text.replacen("@router.get(\"", "@router.get(\"/zz", 1)
        } else {
            text.clone()
        };
        host.open(&file, 2 + i, &changed);
        let t = Instant::now();
        let a = host.refresh();
        let e = t.elapsed();
        let t = Instant::now();
        let n = a.routes(&root, None).routes.len();
        eprintln!("edit {:?} routes {n} {:?}", e, t.elapsed());
    }
}

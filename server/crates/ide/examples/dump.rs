#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]
fn main() {
    let root = std::path::PathBuf::from(std::env::args().nth(1).unwrap())
        .canonicalize()
        .unwrap();
    let t = std::time::Instant::now();
    let host = ide::Host::new(vec![root.clone()], ide::HostOptions::default());
    let analysis = host.refresh();
    eprintln!("{:?}", t.elapsed());
    let table = analysis.routes(&root, std::env::args().nth(2).as_deref());
    println!("{}", serde_json::to_string(&table).unwrap());
}

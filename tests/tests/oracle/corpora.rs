//! The projects that the model is compared on.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use crate::{
    REFERENCE, REPORTED, accuracy::Accuracy, competitor::Outcome, places, reference::Reference, reported::Reported,
};

/// A project with what was found out about it.
pub(crate) struct Corpus {
    /// As the page names it.
    pub(crate) name: String,
    /// What it is made of: packages with their versions.
    pub(crate) packages: String,
    /// Ours.
    pub(crate) accuracy: Accuracy,
    /// The competitor's.
    pub(crate) competitor: Outcome,
}

impl Corpus {
    /// FastAPI's documentation apps, imported now.
    pub(crate) fn documentation() -> Self {
        Self::new(
            "docs_src",
            "fastapi sdist".to_owned(),
            places::documentation(),
            &REFERENCE,
            &REPORTED,
        )
    }

    /// The apps in FastAPI's own tests, imported now.
    pub(crate) fn tests() -> Self {
        let folder = places::tests();
        let reported = Reported::of(&folder, None);
        Self::new(
            "fastapi-tests",
            "fastapi sdist".to_owned(),
            folder,
            &Reference::of_tests(),
            &reported,
        )
    }

    /// The public projects, whose apps were imported when they were recorded; as many at once as there are cores.
    pub(crate) fn recorded() -> Vec<Self> {
        let manifest = places::sources().join("oracle/corpora.toml");
        let manifest = fs::read_to_string(manifest).expect("corpora.toml can be read");
        let manifest: toml::Table = manifest.parse().expect("corpora.toml is TOML");
        let entries: Vec<(&String, &toml::Value)> = manifest.iter().collect();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let work = || {
            while let Some((name, entry)) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                let corpus = Self::of_entry(name, entry);
                done.lock().expect("nobody panicked").insert((*name).clone(), corpus);
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(work);
            }
        });
        done.into_inner().expect("nobody panicked").into_values().collect()
    }

    fn of_entry(name: &str, entry: &toml::Value) -> Self {
        let packages = entry["project"].as_array().expect("`project` is a list");
        let packages: Vec<&str> = packages.iter().filter_map(toml::Value::as_str).collect();
        let folder = places::corpus(name);
        let begin = Instant::now();
        let reported = Reported::of(&folder, None);
        println!("{name}: {:.1} s", begin.elapsed().as_secs_f64());
        let reference = Reference::recorded(name);
        Self::new(
            name,
            packages.join(", ").replace("==", " "),
            folder,
            &reference,
            &reported,
        )
    }

    fn new(name: &str, packages: String, folder: PathBuf, reference: &Reference, reported: &Reported) -> Self {
        let corpus = Self {
            name: name.to_owned(),
            packages,
            accuracy: Accuracy::of(reference, reported),
            competitor: Outcome::of(&folder, reference),
        };
        let differences = places::differences();
        fs::create_dir_all(&differences).expect("a folder for what differs");
        fs::write(differences.join(format!("{name}.txt")), &corpus.accuracy.differences)
            .expect("what differs can be written");
        corpus
    }
}

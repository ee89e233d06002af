//! Environment markers: which of the requirements and locked packages are meant for a Python and this system.

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{ExtraName, MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};
use std::str::FromStr;

/// The Python that is assumed where a project names none.
const NEWEST_PYTHON: &str = "3.14";

/// What markers are compared with.
#[derive(Clone, Debug)]
pub(crate) struct Markers {
    environment: Option<MarkerEnvironment>,
    python: Option<Version>,
}

impl Markers {
    /// Those of a Python (`3.12` or `3.12.4`) on the system that this runs on.
    pub(crate) fn of(python: Option<&str>) -> Self {
        let python = Version::from_str(python.unwrap_or(NEWEST_PYTHON)).ok();
        let release = python.as_ref().map(|version| version.release().to_vec());
        let environment = release.and_then(|release| environment(&release));
        Self { environment, python }
    }

    /// Whether a marker holds; one that can't be read excludes nothing.
    pub(super) fn hold(&self, marker: &str, extras: &[ExtraName]) -> bool {
        let tree = MarkerTree::from_str(marker);
        tree.map_or(true, |tree| self.holds_for(&tree, extras))
    }

    pub(super) fn holds_for(&self, marker: &MarkerTree, extras: &[ExtraName]) -> bool {
        let environment = self.environment.as_ref();
        environment.is_none_or(|environment| marker.evaluate(environment, extras))
    }

    /// Whether the Python is in a range; one that can't be read excludes none.
    pub(super) fn is_python_in(&self, range: &str) -> bool {
        let specifiers = VersionSpecifiers::from_str(range);
        let python = self.python.as_ref();
        specifiers.map_or(true, |range| python.is_none_or(|python| range.contains(python)))
    }
}

fn environment(python: &[u64]) -> Option<MarkerEnvironment> {
    let part = |at: usize| python.get(at).copied().unwrap_or(0);
    let full = format!("{}.{}.{}", part(0), part(1), part(2));
    let short = format!("{}.{}", part(0), part(1));
    let (os_name, platform_system, sys_platform) = match std::env::consts::OS {
        "windows" => ("nt", "Windows", "win32"),
        "macos" => ("posix", "Darwin", "darwin"),
        _ => ("posix", "Linux", "linux"),
    };
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: &full,
        os_name,
        platform_machine: std::env::consts::ARCH,
        platform_python_implementation: "CPython",
        platform_release: "",
        platform_system,
        platform_version: "",
        python_full_version: &full,
        python_version: &short,
        sys_platform,
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use super::Markers;

    #[test]
    fn markers_are_compared_with_the_python() {
        let old = Markers::of(Some("3.11.7"));
        let new = Markers::of(None);
        assert!(old.hold("python_full_version < '3.12'", &[]));
        assert!(!new.hold("python_full_version < '3.12'", &[]));
        assert!(!old.hold("sys_platform == 'os/400'", &[]));
        assert!(old.hold("extra in nonsense (", &[]));
        assert!(!old.is_python_in(">=3.12"));
        assert!(new.is_python_in(">=3.12"));
    }
}

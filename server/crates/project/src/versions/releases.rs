//! Releases of the distributions whose versions count, as far as they are known: what a range means.

use pep440_rs::{Operator, Version, VersionSpecifiers};

/// The release that ranges mean together: the highest known one that fits all of them, else the highest lower bound. A range
/// that leaves nothing of those before it, such as one of another group, does not count.
pub(super) fn release_in<'a>(
    distribution: &str,
    ranges: impl Iterator<Item = &'a VersionSpecifiers>,
) -> Option<Version> {
    let known = known(distribution);
    let mut counting: Vec<&VersionSpecifiers> = Vec::new();
    let mut found = None;
    let mut bound = None;
    for range in ranges.filter(|range| !range.is_empty()) {
        bound = bound.max(lower_bound(range));
        let fits = |release: &&Version| counting.iter().chain([&range]).all(|range| range.contains(release));
        if let Some(release) = known.iter().find(fits) {
            found = Some(release.clone());
            counting.push(range);
        }
    }
    found.or(bound)
}

/// The highest version that a range names as its lower end.
pub(super) fn lower_bound(range: &VersionSpecifiers) -> Option<Version> {
    let is_lower = |operator: &Operator| {
        matches!(
            operator,
            Operator::Equal
                | Operator::EqualStar
                | Operator::ExactEqual
                | Operator::GreaterThan
                | Operator::GreaterThanEqual
                | Operator::TildeEqual
        )
    };
    let bounds = range.iter().filter(|specifier| is_lower(specifier.operator()));
    bounds.map(|specifier| specifier.version().clone()).max()
}

/// Newest first.
fn known(distribution: &str) -> Vec<Version> {
    let last_patches: &[(u64, u64, u64)] = match distribution {
        "fastapi" => FASTAPI,
        "starlette" => STARLETTE,
        "pydantic" => PYDANTIC,
        "sqlalchemy" => SQLALCHEMY,
        "sqlmodel" => SQLMODEL,
        _ => &[],
    };
    let minors = last_patches.iter().rev();
    let releases = minors.flat_map(|&(major, minor, last)| {
        let patches = (0..=last).rev();
        patches.map(move |patch| Version::new([major, minor, patch]))
    });
    releases.collect()
}

// The last patch of each minor release on PyPI.

#[rustfmt::skip]
const FASTAPI: &[(u64, u64, u64)] = &[
    (0, 65, 3), (0, 66, 1), (0, 67, 0), (0, 68, 2), (0, 69, 0), (0, 70, 1), (0, 71, 0), (0, 72, 0), (0, 73, 0),
    (0, 74, 1), (0, 75, 2), (0, 76, 0), (0, 77, 1), (0, 78, 0), (0, 79, 1), (0, 80, 0), (0, 81, 0), (0, 82, 0),
    (0, 83, 0), (0, 84, 0), (0, 85, 2), (0, 86, 0), (0, 87, 0), (0, 88, 0), (0, 89, 1), (0, 90, 1), (0, 91, 0),
    (0, 92, 0), (0, 93, 0), (0, 94, 1), (0, 95, 2), (0, 96, 1), (0, 97, 0), (0, 98, 0), (0, 99, 1), (0, 100, 1),
    (0, 101, 1), (0, 102, 0), (0, 103, 2), (0, 104, 1), (0, 105, 0), (0, 106, 0), (0, 107, 0), (0, 108, 0),
    (0, 109, 2), (0, 110, 3), (0, 111, 1), (0, 112, 4), (0, 113, 0), (0, 114, 2), (0, 115, 14), (0, 116, 2),
    (0, 117, 1), (0, 118, 3), (0, 119, 1), (0, 120, 4), (0, 121, 3), (0, 122, 1), (0, 123, 10), (0, 124, 4),
    (0, 125, 0), (0, 126, 0), (0, 127, 1), (0, 128, 8), (0, 129, 2), (0, 130, 0), (0, 131, 0), (0, 132, 1),
    (0, 133, 1), (0, 134, 0), (0, 135, 4), (0, 136, 3), (0, 137, 2), (0, 138, 2), (0, 139, 2), (0, 140, 13),
    (0, 141, 1), (0, 142, 4), (0, 143, 5), (0, 144, 0), (0, 145, 0), (0, 146, 0), (0, 147, 0), (0, 148, 0),
    (0, 149, 0), (0, 150, 0), (0, 151, 0), (0, 152, 0), (0, 153, 0), (0, 154, 0), (0, 155, 0), (0, 156, 8),
    (0, 157, 0), (0, 158, 2), (0, 159, 1), (0, 160, 0), (0, 161, 1), (0, 162, 7), (0, 163, 2), (0, 164, 0),
    (0, 165, 0),
];

#[rustfmt::skip]
const STARLETTE: &[(u64, u64, u64)] = &[
    (0, 14, 2), (0, 15, 0), (0, 16, 0), (0, 17, 1), (0, 18, 0), (0, 19, 1), (0, 20, 4), (0, 21, 0), (0, 22, 0),
    (0, 23, 1), (0, 24, 0), (0, 25, 0), (0, 26, 1), (0, 27, 0), (0, 28, 0), (0, 29, 0), (0, 30, 0), (0, 31, 1),
    (0, 32, 0), (0, 33, 0), (0, 34, 0), (0, 35, 1), (0, 36, 3), (0, 37, 2), (0, 38, 6), (0, 39, 2), (0, 40, 0),
    (0, 41, 3), (0, 42, 0), (0, 43, 0), (0, 44, 0), (0, 45, 3), (0, 46, 2), (0, 47, 3), (0, 48, 0), (0, 49, 3),
    (0, 50, 0), (0, 51, 0), (0, 52, 1), (1, 0, 1), (1, 1, 0), (1, 2, 1), (1, 3, 1), (1, 4, 1), (1, 5, 1), (1, 6, 0),
    (1, 7, 0), (1, 8, 0), (1, 9, 0), (1, 10, 0),
];

#[rustfmt::skip]
const PYDANTIC: &[(u64, u64, u64)] = &[
    (1, 7, 4), (1, 8, 2), (1, 9, 2), (1, 10, 27), (2, 0, 3), (2, 1, 1), (2, 2, 1), (2, 3, 0), (2, 4, 2), (2, 5, 3),
    (2, 6, 4), (2, 7, 4), (2, 8, 2), (2, 9, 2), (2, 10, 6), (2, 11, 10), (2, 12, 5), (2, 13, 5), (2, 14, 4),
];

#[rustfmt::skip]
const SQLALCHEMY: &[(u64, u64, u64)] = &[
    (1, 3, 24), (1, 4, 54), (2, 0, 58), (2, 1, 9),
];

#[rustfmt::skip]
const SQLMODEL: &[(u64, u64, u64)] = &[
    (0, 0, 50),
];

#[cfg(test)]
mod tests {
    use super::release_in;
    use pep440_rs::VersionSpecifiers;
    use std::str::FromStr;

    fn release(distribution: &str, ranges: &[&str]) -> Option<String> {
        let ranges: Vec<_> = ranges
            .iter()
            .map(|range| VersionSpecifiers::from_str(range).unwrap())
            .collect();
        release_in(distribution, ranges.iter()).map(|version| version.to_string())
    }

    #[test]
    fn ranges_mean_the_highest_known_release_or_the_lower_bound() {
        let cases = [
            ("fastapi", ">=0.137,!=0.137.2,<0.138", Some("0.137.1")),
            ("fastapi", "==0.130.*", Some("0.130.0")),
            ("fastapi", ">=7", Some("7")),
            ("pydantic", "<2", Some("1.10.27")),
            ("pydantic", "~=2.4", Some("2.14.4")),
            ("sqlalchemy", ">=2.0,<2.1", Some("2.0.58")),
            ("starlette", ">=0.40,<0.47", Some("0.46.2")),
            ("uvicorn", ">=0.30", Some("0.30")),
            ("uvicorn", "<1", None),
        ];
        for (distribution, range, expected) in cases {
            assert_eq!(
                release(distribution, &[range]).as_deref(),
                expected,
                "{distribution} {range}"
            );
        }
    }

    #[test]
    fn ranges_hold_together_as_far_as_they_can() {
        assert_eq!(release("fastapi", &[">=0.100", "<0.116"]).as_deref(), Some("0.115.14"));
        assert_eq!(
            release("fastapi", &["<0.110", ">=0.120", "!=0.109.2"]).as_deref(),
            Some("0.109.1")
        );
        assert_eq!(release("fastapi", &[]), None);
    }
}

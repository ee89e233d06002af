//! Applying fixes: each alone, and all of them as `check --fix --unsafe-fixes` does.

use crate::{
    case::{Case, describe},
    project::Project,
};

/// Applies one fix after the other until there is none left.
pub(crate) fn apply_all(project: &Project) {
    for _ in 0..100 {
        let found = project.check();
        let Some(one) = found.iter().find(|found| found.finding.fix.is_some()) else {
            return;
        };
        project.apply(&one.finding, &project.analysis());
    }
    panic!("fixes come to no end");
}

/// Applies each fix of a case to the case as it is: the finding is gone, no other has come, and the file parses.
pub(crate) fn each_fix_removes_its_finding(name: &str, case: &Case) {
    let count = case.project().check().len();
    for i in 0..count {
        let project = case.project();
        let before = project.check();
        let one = &before[i];
        let Some(fix) = &one.finding.fix else { continue };
        let changed = project.apply(&one.finding, &project.analysis());
        for path in changed {
            assert!(
                !project.is_damaged(&path),
                "{name}: {} breaks\n{}",
                fix.title,
                project.read_file(&path)
            );
        }
        let after: Vec<String> = project.check().iter().map(describe).collect();
        assert!(
            after.len() < before.len(),
            "{name}: `{}` doesn't remove {}\n{}",
            fix.title,
            describe(one),
            after.join("\n")
        );
    }
}

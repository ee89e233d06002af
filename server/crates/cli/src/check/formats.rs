//! How findings are written.

use super::report::{Report, Reported};
use crate::args::{CheckFormat, CheckOptions};
use crate::output::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, styled};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The findings in the format that was asked for.
pub(super) fn write(report: &Report, options: &CheckOptions) -> String {
    match options.output_format {
        CheckFormat::Text if options.statistics => statistics(report),
        CheckFormat::Text => text(report),
        CheckFormat::Json => pretty(&json!(report.findings)),
        CheckFormat::Github => github(report),
        CheckFormat::Gitlab => gitlab(report),
        CheckFormat::Sarif => sarif(report),
        CheckFormat::Junit => junit(report),
    }
}

/// The line at the end of the text format.
pub(super) fn summary(report: &Report, fixed: usize, known: usize) -> String {
    let fixed = if fixed > 0 {
        format!("Fixed {fixed}. ")
    } else {
        String::new()
    };
    let known = match known {
        0 => String::new(),
        1 => " 1 is in the baseline.".to_owned(),
        more => format!(" {more} are in the baseline."),
    };
    let count = report.findings.len();
    if count == 0 {
        return format!("{fixed}{}{known}\n", styled(GREEN, "Nothing found."));
    }
    let with_fix = |safe: bool| {
        report
            .findings
            .iter()
            .filter(|it| it.fix.as_ref().is_some_and(|fix| fix.safe == safe))
            .count()
    };
    let hint = match (with_fix(true), with_fix(false)) {
        (0, 0) => String::new(),
        (0, some) => format!(" {some} can be fixed by --fix --unsafe-fixes."),
        (some, _) => format!(" {some} can be fixed by --fix."),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!(
        "{fixed}{}{hint}{known}\n",
        styled(BOLD, format!("{count} finding{plural}."))
    )
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let style = match finding.severity {
            "error" => RED,
            "warning" => YELLOW,
            _ => CYAN,
        };
        let at = finding.range.start;
        let _ = writeln!(
            text,
            "{}:{}:{}: {}{} {}",
            styled(BOLD, &finding.file),
            at.line,
            at.column,
            styled(style, finding.severity),
            styled(DIM, format!("[{}]", finding.rule)),
            finding.message
        );
        for related in &finding.related {
            let at = related.range.start;
            let _ = writeln!(
                text,
                "    {}",
                styled(DIM, format!("{}:{}: {}", related.file, at.line, related.message))
            );
        }
    }
    text
}

fn statistics(report: &Report) -> String {
    let mut counts: BTreeMap<&str, (usize, &Reported)> = BTreeMap::new();
    for finding in &report.findings {
        counts.entry(finding.rule).or_insert((0, finding)).0 += 1;
    }
    let mut rows: Vec<(&str, (usize, &Reported))> = counts.into_iter().collect();
    rows.sort_by_key(|(rule, (count, _))| (usize::MAX - count, *rule));
    let mut text = String::new();
    for (rule, (count, _)) in rows {
        let _ = writeln!(text, "{count:>5}  {rule}");
    }
    text
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// Workflow commands (GitHub's documentation of workflow commands: properties escape `%`, line ends, `:` and `,`).
fn github(report: &Report) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for finding in &report.findings {
        let level = match finding.severity {
            "error" => "error",
            "warning" => "warning",
            _ => "notice",
        };
        let range = finding.range;
        let _ = writeln!(
            text,
            "::{level} title={},file={},line={},col={},endLine={},endColumn={}::{}",
            property(&format!("routewright ({})", finding.rule)),
            property(&finding.file),
            range.start.line,
            range.start.column,
            range.end.line,
            range.end.column,
            data(&finding.message)
        );
    }
    text
}

/// A code quality report (GitLab's documentation of code quality).
fn gitlab(report: &Report) -> String {
    let mut seen = BTreeMap::new();
    let issues = report.findings.iter().map(|finding| {
        let severity = match finding.severity {
            "error" => "major",
            "warning" => "minor",
            _ => "info",
        };
        json!({
            "description": finding.message,
            "check_name": finding.rule,
            "fingerprint": unique_fingerprint(finding, &mut seen),
            "severity": severity,
            "location": {"path": finding.file, "lines": {"begin": finding.range.start.line, "end": finding.range.end.line}},
        })
    });
    pretty(&issues.collect())
}

/// A number for a finding that does not depend on its line, so that it survives edits elsewhere in the file.
pub(super) fn fingerprint(finding: &Reported) -> String {
    // FNV-1a: the same on every machine and in every release.
    let text = format!("{}\0{}\0{}", finding.rule, finding.file, finding.message);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The fingerprint, with a number behind it for the second finding of that kind and so on.
pub(super) fn unique_fingerprint(finding: &Reported, seen: &mut BTreeMap<String, usize>) -> String {
    let fingerprint = fingerprint(finding);
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    if *count == 1 {
        fingerprint
    } else {
        format!("{fingerprint}-{count}")
    }
}

/// SARIF 2.1.0.
fn sarif(report: &Report) -> String {
    let level = |severity: &str| match severity {
        "error" => "error",
        "warning" => "warning",
        _ => "note",
    };
    let used: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    let rules = used.iter().filter_map(|name| rules::rule(name)).map(|rule| {
        json!({
            "id": rule.meta.name,
            "shortDescription": {"text": rule.meta.summary},
            "helpUri": rule.meta.url(),
            "properties": {"category": rule.meta.group.as_str()},
        })
    });
    let rules: Vec<serde_json::Value> = rules.collect();
    let place = |file: &str, range: super::report::Range| {
        json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {
                "startLine": range.start.line, "startColumn": range.start.column,
                "endLine": range.end.line, "endColumn": range.end.column,
            },
        }})
    };
    let results = report.findings.iter().map(|finding| {
        let related = finding.related.iter().map(|related| {
            let mut location = place(&related.file, related.range);
            location["message"] = json!({"text": related.message});
            location
        });
        json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": {"text": finding.message},
            "locations": [place(&finding.file, finding.range)],
            "relatedLocations": related.collect::<Vec<_>>(),
            "partialFingerprints": {"routewright/v1": fingerprint(finding)},
        })
    });
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "routewright",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

/// A path as a URI reference (RFC 3986): what may not stand in a path is percent-encoded.
fn uri(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// JUnit XML: a test suite for each file, a failure for each finding.
fn junit(report: &Report) -> String {
    let mut files: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for finding in &report.findings {
        files.entry(&finding.file).or_default().push(finding);
    }
    let total = report.findings.len();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"routewright\" tests=\"{total}\" failures=\"{total}\">\n"
    );
    for (file, findings) in files {
        let (file, count) = (xml(file), findings.len());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{file}\" tests=\"{count}\" failures=\"{count}\">"
        );
        for finding in findings {
            let at = finding.range.start;
            let (rule, message) = (finding.rule, xml(&finding.message));
            let _ = writeln!(
                text,
                "    <testcase name=\"{rule}\" classname=\"{file}\" line=\"{line}\">\n      <failure message=\"{message}\" \
                 type=\"{severity}\">{file}:{line}:{column}: {message}</failure>\n    </testcase>",
                line = at.line,
                column = at.column,
                severity = finding.severity,
            );
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

fn xml(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

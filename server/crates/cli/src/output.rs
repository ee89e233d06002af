//! Standard output and error. Colours only on a terminal (and not with `NO_COLOR`): `anstream` takes them out elsewhere.

use anstyle::{AnsiColor, Style};
use std::io::{IsTerminal, Write};

/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Errors, and lines that a diff takes away.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// Warnings.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Lines that a diff adds.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// Hints, places.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
/// Names.
pub(crate) const BLUE: Style = AnsiColor::Blue.on_default();

/// `text` in a style.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes to standard output.
///
/// # Errors
/// Where it is closed or full.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a line to standard error; where that is closed nobody listens.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Says why a command can't work.
pub(crate) fn error(sentence: &str) {
    note(&format!("{}: {sentence}", styled(RED.bold(), "error")));
}

/// Says what the user may want to know although the command works.
pub(crate) fn warning(sentence: &str) {
    note(&format!("{}: {sentence}", styled(YELLOW.bold(), "warning")));
}

/// Shows how far reading is, if standard error is a terminal.
pub(crate) fn progress(progress: ide::Progress) {
    const STEP: usize = 64;
    let mut err = std::io::stderr();
    if !err.is_terminal()
        || progress.total < STEP
        || (!progress.done.is_multiple_of(STEP) && progress.done != progress.total)
    {
        return;
    }
    let text = if progress.done == progress.total {
        String::new()
    } else {
        format!("Reading {} of {} files", progress.done, progress.total)
    };
    let _ = write!(err, "\r\x1b[K{text}");
    let _ = err.flush();
}

//! The base protocol (LSP 3.17, "Base Protocol"): frames of bytes in, JSON-RPC messages out, and the way back.
//!
//! tower-lsp's own transport ends the session at the first message it can't decode. This one answers with an error and
//! finds the next message, whatever stood between.

use serde_json::{Value, json};
use std::io::{self, Read, Write};

/// Longest message that is taken in, in bytes.
const MAX_MESSAGE: usize = 1 << 30;
/// How far behind `Content-Length` the blank line must come, in bytes.
const MAX_HEADERS: usize = 8 << 10;
const NEEDLE: &[u8] = b"content-length:";

/// What came in.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// A JSON value, not yet known to be a proper message.
    Message(Value),
    /// Bytes that are no message; why.
    Malformed(String),
}

/// Reads messages off a stream of bytes.
pub(crate) struct Frames<R> {
    input: R,
    buffer: Vec<u8>,
}

enum Header {
    /// More bytes are needed.
    Partial,
    /// Bytes to drop, and why.
    Garbage(usize, String),
    /// Where the body starts, and its length.
    Body(usize, usize),
}

impl<R: Read> Frames<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
        }
    }

    /// The next message; `None` at the end of the stream.
    pub(crate) fn next(&mut self) -> Option<Incoming> {
        loop {
            match find_header(&self.buffer) {
                Header::Partial => self.fill(1)?,
                Header::Garbage(length, why) => {
                    self.buffer.drain(..length);
                    if !why.is_empty() {
                        return Some(Incoming::Malformed(why));
                    }
                }
                Header::Body(start, length) => {
                    let end = start + length;
                    self.fill(end.saturating_sub(self.buffer.len()))?;
                    return Some(self.take_body(start, end));
                }
            }
        }
    }

    fn take_body(&mut self, start: usize, end: usize) -> Incoming {
        let body = &self.buffer[start..end];
        match decode(body) {
            Ok(message) => {
                self.buffer.drain(..end);
                Incoming::Message(message)
            }
            Err(error) => {
                // A length that is too great swallows the messages behind: they are read again.
                let next = find(body, NEEDLE).map_or(end, |at| start + at);
                self.buffer.drain(..next);
                Incoming::Malformed(format!("the message is not JSON: {error}"))
            }
        }
    }

    /// Reads at least `count` more bytes; `None` at the end of the stream.
    fn fill(&mut self, count: usize) -> Option<()> {
        let goal = self.buffer.len() + count;
        let mut chunk = [0; 64 << 10];
        while self.buffer.len() < goal {
            match self.input.read(&mut chunk) {
                Ok(0) => return None,
                Ok(read) => self.buffer.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        Some(())
    }
}

fn find_header(buffer: &[u8]) -> Header {
    let Some(at) = find(buffer, NEEDLE) else {
        // The needle may have begun at the very end.
        return match buffer.len().checked_sub(MAX_HEADERS) {
            Some(excess) if excess > 0 => Header::Garbage(excess, "bytes that are no message were skipped".to_owned()),
            _ => Header::Partial,
        };
    };
    let before = buffer[..at].trim_ascii();
    if !before.is_empty() && !starts_with_ignoring_case(before, b"content-type:") {
        return Header::Garbage(at, format!("{at} bytes that are no message were skipped"));
    }
    let value_start = at + NEEDLE.len();
    let window = &buffer[value_start..buffer.len().min(value_start + MAX_HEADERS)];
    let Some((headers_end, blank)) = find_blank_line(window) else {
        return if window.len() == MAX_HEADERS {
            Header::Garbage(value_start, "the headers of a message never end".to_owned())
        } else {
            Header::Partial
        };
    };
    let line_end = window
        .iter()
        .position(|&b| b == b'\r' || b == b'\n')
        .unwrap_or(headers_end);
    let value = String::from_utf8_lossy(&window[..line_end]);
    match value.trim().parse::<usize>() {
        Ok(length) if length <= MAX_MESSAGE => Header::Body(value_start + headers_end + blank, length),
        _ => Header::Garbage(
            value_start + headers_end + blank,
            format!("`Content-Length: {}` is no length of a message", value.trim()),
        ),
    }
}

/// Where the blank line stands and how long it is.
fn find_blank_line(window: &[u8]) -> Option<(usize, usize)> {
    let crlf = window.windows(4).position(|w| w == b"\r\n\r\n").map(|at| (at, 4));
    let lf = window.windows(2).position(|w| w == b"\n\n").map(|at| (at, 2));
    match (crlf, lf) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn find(haystack: &[u8], lower_needle: &[u8]) -> Option<usize> {
    haystack
        .windows(lower_needle.len())
        .position(|window| window.eq_ignore_ascii_case(lower_needle))
}

fn starts_with_ignoring_case(text: &[u8], lower_prefix: &[u8]) -> bool {
    text.get(..lower_prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(lower_prefix))
}

/// Decodes a body; what Unicode can't say (lone surrogates) becomes U+FFFD, which is as long in every encoding.
fn decode(body: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(body).or_else(|error| {
        let repaired = repair(body);
        if repaired == body {
            Err(error)
        } else {
            serde_json::from_slice(&repaired)
        }
    })
}

/// Replaces lone surrogates, escaped or encoded as bytes, and other bytes that are not UTF-8.
fn repair(body: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, tail)) = rest.split_first() {
        match byte {
            b'\\' => rest = repair_escape(rest, &mut result),
            0..0x80 => {
                result.push(byte);
                rest = tail;
            }
            _ => rest = repair_bytes(rest, &mut result),
        }
    }
    result
}

/// Copies the escape at the start of `text`, or U+FFFD for a lone surrogate; what follows it.
fn repair_escape<'a>(text: &'a [u8], result: &mut Vec<u8>) -> &'a [u8] {
    let length = match (escaped_unit(text), escaped_unit(text.get(6..).unwrap_or(&[]))) {
        (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 12,
        (Some(0xD800..0xE000), _) => {
            result.extend_from_slice(b"\\ufffd");
            return &text[6..];
        }
        (Some(_), _) => 6,
        (None, _) => text.len().min(2),
    };
    result.extend_from_slice(&text[..length]);
    &text[length..]
}

/// The UTF-16 unit of a `\uXXXX` at the start of `text`.
fn escaped_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Copies the character at the start of `text`, or U+FFFD for what is none; what follows it.
fn repair_bytes<'a>(text: &'a [u8], result: &mut Vec<u8>) -> &'a [u8] {
    if let [0xED, 0xA0..=0xBF, 0x80..=0xBF, rest @ ..] = text {
        result.extend_from_slice("\u{fffd}".as_bytes());
        return rest;
    }
    let window = &text[..text.len().min(4)];
    for length in (1..=window.len()).rev() {
        if std::str::from_utf8(&window[..length]).is_ok_and(|s| s.chars().count() == 1) {
            result.extend_from_slice(&window[..length]);
            return &text[length..];
        }
    }
    result.extend_from_slice("\u{fffd}".as_bytes());
    &text[1..]
}

/// Writes one message with its header.
pub(crate) fn write_message(output: &mut impl Write, message: &impl serde::Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(&body)?;
    output.flush()
}

/// The answer to bytes or values that are no request (JSON-RPC 2.0, section 5): its id is null.
pub(crate) fn error_reply(id: Option<&Value>, code: i64, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id.cloned().unwrap_or(Value::Null), "error": {"code": code, "message": message}})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: &str) -> Vec<u8> {
        format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn read(bytes: &[u8]) -> Vec<Incoming> {
        let mut frames = Frames::new(bytes);
        std::iter::from_fn(|| frames.next()).collect()
    }

    fn is_malformed(incoming: &Incoming) -> bool {
        matches!(incoming, Incoming::Malformed(_))
    }

    #[test]
    fn reads_frames_byte_by_byte() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(1);
                buffer[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let bytes = [
            frame("{\"a\":1}"),
            b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n".to_vec(),
            frame("[]"),
        ]
        .concat();
        let mut frames = Frames::new(Slow(&bytes));
        assert_eq!(frames.next(), Some(Incoming::Message(json!({"a": 1}))));
        assert_eq!(frames.next(), Some(Incoming::Message(json!([]))));
        assert_eq!(frames.next(), None);
    }

    #[test]
    fn finds_the_next_message_behind_garbage() {
        for garbage in [
            &b"hello\r\n\r\n"[..],
            b"Content-Length: many\r\n\r\n",
            b"Content-Length: 99999999999999\r\n\r\n",
            b"Content-Length: 3\r\n\r\n{\"a\":1}",
            b"Content-Length: 500\r\n\r\n{\"a\":1}",
        ] {
            let mut bytes = [garbage.to_vec(), frame("{\"b\":2}")].concat();
            bytes.resize(bytes.len() + 600, b' ');
            let incoming = read(&bytes);
            assert!(is_malformed(&incoming[0]), "{incoming:?}");
            assert!(incoming.contains(&Incoming::Message(json!({"b": 2}))), "{incoming:?}");
        }
    }

    #[test]
    fn replaces_lone_surrogates_one_for_one() {
        let incoming = read(&frame(r#"["a\ud800b", "\udc00", "\ud83d\ude00", "\\ud800"]"#));
        let expected = json!(["a\u{fffd}b", "\u{fffd}", "😀", "\\ud800"]);
        assert_eq!(incoming, [Incoming::Message(expected)]);
    }

    #[test]
    fn replaces_bytes_that_are_not_utf_8() {
        let bytes = b"[\"\xED\xA0\x80\xFF\xC3\xA9\"]";
        let framed = [
            format!("Content-Length: {}\r\n\r\n", bytes.len()).into_bytes(),
            bytes.to_vec(),
        ]
        .concat();
        assert_eq!(read(&framed), [Incoming::Message(json!(["\u{fffd}\u{fffd}é"]))]);
    }

    #[test]
    fn writes_lengths_in_bytes() {
        let mut output = Vec::new();
        write_message(&mut output, &json!("é")).unwrap();
        assert_eq!(output, "Content-Length: 4\r\n\r\n\"é\"".as_bytes());
    }
}

//! A language client that talks to the real binary over its standard input and output.

use crate::binary;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// What the clock of every server says, in seconds of Unix time, so that what it writes is the same each time.
pub const MOMENT: &str = "1795000000";

/// How long an answer may take before a test fails; generous, since it times nothing.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// What a client says of itself at the start.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The workspace folders.
    pub folders: Vec<PathBuf>,
    /// `capabilities` of `initialize`.
    pub capabilities: Value,
    /// `initializationOptions`.
    pub options: Value,
    /// `processId`.
    pub process: Option<u32>,
    /// What it answers to `workspace/configuration`.
    pub configuration: Value,
}

impl Setup {
    /// A plain client of one folder, which can do no more than the protocol demands and shows diagnostics at once.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folders: vec![folder.to_path_buf()],
            capabilities: json!({}),
            options: json!({"diagnosticsDebounce": 1}),
            process: None,
            configuration: Value::Null,
        }
    }

    /// With these capabilities.
    #[must_use]
    pub fn capabilities(mut self, capabilities: Value) -> Self {
        self.capabilities = capabilities;
        self
    }
}

/// A running server and the client's end of the session. Every wait fails the test after [`TIMEOUT`].
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    incoming: Receiver<Value>,
    /// Notifications that nobody has waited for yet.
    notifications: VecDeque<Value>,
    /// Requests of the server, in the order they came.
    asked: Vec<Value>,
    /// Answers that nobody has waited for yet.
    answers: Vec<Value>,
    configuration: Value,
    next_id: i64,
}

impl Client {
    /// Starts the server without saying anything.
    #[must_use]
    pub fn spawn() -> Self {
        let mut child = Command::new(binary())
            .arg("server")
            .env("SOURCE_DATE_EPOCH", MOMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let output = child.stdout.take().unwrap();
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            input,
            incoming,
            notifications: VecDeque::new(),
            asked: Vec::new(),
            answers: Vec::new(),
            configuration: Value::Null,
            next_id: 1,
        }
    }

    /// Starts the server and a session; returns what `initialize` answers, too.
    #[must_use]
    pub fn start(setup: &Setup) -> (Self, Value) {
        let mut client = Self::spawn();
        let answer = client.initialize(setup);
        (client, answer)
    }

    /// `initialize` and `initialized`.
    pub fn initialize(&mut self, setup: &Setup) -> Value {
        self.configuration = setup.configuration.clone();
        let folders: Vec<Value> = setup
            .folders
            .iter()
            .map(|folder| json!({"uri": uri(folder), "name": "folder"}))
            .collect();
        let answer = self
            .request(
                "initialize",
                json!({
                    "processId": setup.process,
                    "rootUri": setup.folders.first().map(|folder| uri(folder)),
                    "workspaceFolders": folders,
                    "capabilities": setup.capabilities,
                    "initializationOptions": setup.options,
                }),
            )
            .unwrap();
        self.notify("initialized", json!({}));
        answer
    }

    /// What the client answers to `workspace/configuration` from now on.
    pub fn set_configuration(&mut self, configuration: Value) {
        self.configuration = configuration;
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        // A server that has ended reads nothing; what the test waits for next says so.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        self.send_raw(&frame(&message.to_string()));
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request without waiting for the answer; returns its id.
    pub fn start_request(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// Sends a request and waits: its result, or the error object.
    ///
    /// # Errors
    /// The error object of the answer.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.start_request(method, params);
        self.answer(&json!(id))
    }

    /// Waits for the answer to a request.
    ///
    /// # Errors
    /// The error object of the answer.
    pub fn answer(&mut self, id: &Value) -> Result<Value, Value> {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(at) = self.answers.iter().position(|answer| answer["id"] == *id) {
                let mut answer = self.answers.remove(at);
                return match answer.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(answer["result"].take()),
                };
            }
            assert!(self.pump(deadline), "no answer to request {id}");
        }
    }

    /// Waits for a notification that fits; those before it are kept.
    pub fn wait_for(&mut self, method: &str, mut fits: impl FnMut(&Value) -> bool) -> Value {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let found = self
                .notifications
                .iter()
                .position(|n| n["method"] == method && fits(&n["params"]));
            if let Some(at) = found {
                return self.notifications.remove(at).unwrap()["params"].take();
            }
            assert!(self.pump(deadline), "no notification `{method}` that fits");
        }
    }

    /// Notifications of a method that came so far, taken out.
    pub fn take_notifications(&mut self, method: &str) -> Vec<Value> {
        while self.pump(Instant::now()) {}
        let (taken, kept): (VecDeque<Value>, VecDeque<Value>) = std::mem::take(&mut self.notifications)
            .into_iter()
            .partition(|n| n["method"] == method);
        self.notifications = kept;
        taken.into_iter().map(|mut n| n["params"].take()).collect()
    }

    /// Waits for a request of the server; it was answered as any client would.
    pub fn wait_asked(&mut self, method: &str) -> Value {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(at) = self.asked.iter().position(|r| r["method"] == method) {
                return self.asked.remove(at)["params"].take();
            }
            assert!(self.pump(deadline), "the server does not ask `{method}`");
        }
    }

    /// Takes in one message; `false` if none came in time.
    fn pump(&mut self, deadline: Instant) -> bool {
        let wait = deadline.saturating_duration_since(Instant::now());
        match self.incoming.recv_timeout(wait) {
            Ok(message) => {
                self.take_in(message);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    fn take_in(&mut self, message: Value) {
        if message.get("method").is_none() {
            self.answers.push(message);
        } else if message.get("id").is_some() {
            let result = self.result_for(&message);
            self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
            self.asked.push(message);
        } else {
            self.notifications.push_back(message);
        }
    }

    fn result_for(&self, request: &Value) -> Value {
        match request["method"].as_str() {
            Some("workspace/configuration") => json!([self.configuration]),
            Some("workspace/applyEdit") => json!({"applied": true}),
            _ => Value::Null,
        }
    }

    /// `textDocument/didOpen`.
    pub fn open(&mut self, path: &Path, text: &str) {
        self.open_uri(&uri(path), 1, text);
    }

    /// As [`Self::open`], for any URI and version.
    pub fn open_uri(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "languageId": "python", "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// `textDocument/didChange` with events as they are.
    pub fn change(&mut self, path: &Path, version: i32, changes: Value) {
        let document = json!({"uri": uri(path), "version": version});
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    /// `textDocument/didChange` with a whole text.
    pub fn replace(&mut self, path: &Path, version: i32, text: &str) {
        self.change(path, version, json!([{"text": text}]));
    }

    /// `textDocument/didClose`.
    pub fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(path)}}));
    }

    /// `workspace/didChangeWatchedFiles`: 1 made, 2 changed, 3 deleted.
    pub fn touch(&mut self, changes: &[(&Path, u32)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|(path, kind)| json!({"uri": uri(path), "type": kind}))
            .collect();
        self.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}));
    }

    /// `textDocument/hover`: the card's Markdown.
    pub fn hover(&mut self, path: &Path, line: u32, character: u32) -> Option<String> {
        let answer = self
            .request("textDocument/hover", at(&uri(path), line, character))
            .unwrap();
        Some(answer["contents"]["value"].as_str()?.to_owned())
    }

    /// `textDocument/definition`.
    pub fn definition(&mut self, path: &Path, line: u32, character: u32) -> Value {
        self.request("textDocument/definition", at(&uri(path), line, character))
            .unwrap()
    }

    /// `textDocument/codeAction` at a caret.
    pub fn code_actions(&mut self, path: &Path, line: u32, character: u32) -> Vec<Value> {
        let caret = json!({"line": line, "character": character});
        let params = json!({
            "textDocument": {"uri": uri(path)},
            "range": {"start": caret, "end": caret},
            "context": {"diagnostics": []},
        });
        let answer = self.request("textDocument/codeAction", params).unwrap();
        answer.as_array().unwrap().clone()
    }

    /// Waits for published diagnostics of a file that fit.
    pub fn wait_for_diagnostics(&mut self, path: &Path, mut fits: impl FnMut(&[Value]) -> bool) -> Vec<Value> {
        let uri = uri(path);
        let params = self.wait_for("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri.as_str() && fits(params["diagnostics"].as_array().unwrap())
        });
        params["diagnostics"].as_array().unwrap().clone()
    }

    /// Method and path of every route that `routewright/routes` tells.
    pub fn routes(&mut self) -> Vec<String> {
        let table = self.request("routewright/routes", json!({})).unwrap();
        let routes = table["routes"].as_array().unwrap();
        routes
            .iter()
            .map(|route| {
                format!(
                    "{} {}",
                    route["method"].as_str().unwrap(),
                    route["path"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// `routewright/status`.
    pub fn status(&mut self) -> Value {
        self.request("routewright/status", json!({})).unwrap()
    }

    /// `shutdown` and `exit`; fails unless the server ends with 0.
    pub fn shut_down(mut self) {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        assert_eq!(self.wait_for_end().code(), Some(0));
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits until the server's process has ended.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the server's process still runs.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The server's process id.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It has ended already where the test waited for that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A message with its header.
#[must_use]
pub fn frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The `file:` URI of an absolute path, percent-encoded as VS Code does.
#[must_use]
pub fn uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                length = header
                    .strip_prefix("Content-Length: ")
                    .or(length.as_deref())
                    .map(str::to_owned)
            }
        }
    }
    let mut body = vec![0; length?.parse().ok()?];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

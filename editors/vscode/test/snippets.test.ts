import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { CodeAction, WorkspaceEdit } from "vscode-languageclient/node";
import { inAction, inActions, inWorkspaceEdit } from "../src/snippets";

const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } };
const textDocument = { uri: "file:///app/main.py", version: 7 };
const marked = { range, newText: "def ${1:read_item}():\n    $0", insertTextFormat: 2 };
const snippet = { range, snippet: { kind: "snippet", value: marked.newText } };
const plain = { range, newText: "from fastapi import status  # $5\n" };

function edit(...edits: object[]): WorkspaceEdit {
  return { documentChanges: [{ textDocument, edits }] } as WorkspaceEdit;
}

suite("edits with tab stops", () => {
  test("a marked edit becomes a snippet and stays where it is", () => {
    assert.deepEqual(inWorkspaceEdit(edit(plain, marked)), edit(plain, snippet));
  });

  test("text that only looks like a snippet stays text", () => {
    assert.deepEqual(inWorkspaceEdit(edit(plain, { ...plain, insertTextFormat: 1 })), edit(plain, { ...plain, insertTextFormat: 1 }));
    assert.deepEqual(inWorkspaceEdit({ changes: { "file:///a.py": [plain] } }), { changes: { "file:///a.py": [plain] } });
  });

  test("an annotation goes along", () => {
    assert.deepEqual(inWorkspaceEdit(edit({ ...marked, annotationId: "new" })), edit({ ...snippet, annotationId: "new" }));
  });

  test("the form of LSP 3.18 and file operations are left alone", () => {
    const create = { kind: "create", uri: "file:///app/new.py" };
    const whole = { documentChanges: [create, { textDocument, edits: [snippet] }] } as WorkspaceEdit;
    assert.deepEqual(inWorkspaceEdit(whole), whole);
  });

  test("actions are turned one by one; commands and unresolved actions stay", () => {
    const command = { title: "Run", command: "routewright.addEndpoint" };
    const unresolved: CodeAction = { title: "Insert endpoint", data: 1 };
    const ready: CodeAction = { title: "Insert endpoint", edit: edit(marked) };
    assert.deepEqual(inActions([command, unresolved, ready]), [command, unresolved, { ...ready, edit: edit(snippet) }]);
    assert.deepEqual(inAction(unresolved), unresolved);
  });
});

// Edits with tab stops. The server marks them as rust-analyzer does (`experimental.snippetTextEdit`): a TextEdit with
// `insertTextFormat: 2`. The client library knows the form of LSP 3.18 (`snippet: {kind, value}`), so that is what they
// are turned into before the library sees them.
import type {
  AnnotatedTextEdit,
  CodeAction,
  Command,
  SnippetTextEdit,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageclient/node";

const SNIPPET = 2;

type AnyEdit = TextEdit | AnnotatedTextEdit | SnippetTextEdit;
type DocumentChange = NonNullable<WorkspaceEdit["documentChanges"]>[number];

/** What `textDocument/codeAction` answered, with its snippets in the form of LSP 3.18. */
export function inActions(actions: (Command | CodeAction)[]): (Command | CodeAction)[] {
  return actions.map((action) => ("edit" in action ? inAction(action) : action));
}

/** What `codeAction/resolve` answered, likewise. */
export function inAction(action: CodeAction): CodeAction {
  return action.edit === undefined ? action : { ...action, edit: inWorkspaceEdit(action.edit) };
}

/** A workspace edit, likewise. Only `documentChanges` can hold snippets in either form. */
export function inWorkspaceEdit(edit: WorkspaceEdit): WorkspaceEdit {
  if (edit.documentChanges === undefined) return edit;
  return { ...edit, documentChanges: edit.documentChanges.map(inDocumentChange) };
}

function inDocumentChange(change: DocumentChange): DocumentChange {
  if (!isTextDocumentEdit(change)) return change;
  return { ...change, edits: change.edits.map(inTextEdit) };
}

function isTextDocumentEdit(change: DocumentChange): change is TextDocumentEdit {
  return "edits" in change;
}

function inTextEdit(edit: AnyEdit): AnyEdit {
  if (!("newText" in edit) || !("insertTextFormat" in edit) || edit.insertTextFormat !== SNIPPET) return edit;
  const { range, newText } = edit;
  const snippet: SnippetTextEdit = { range, snippet: { kind: "snippet", value: newText } };
  return "annotationId" in edit ? { ...snippet, annotationId: edit.annotationId } : snippet;
}

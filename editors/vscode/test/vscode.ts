// As much of the module `vscode` as the extension and its client library use, without an editor around it: it records
// what is registered and shown, and a test plays the user. The shapes are those of VS Code 1.91's `vscode.d.ts`.
import { readFileSync, statSync } from "node:fs";
import { URI, Utils } from "vscode-uri";

type Listener = (event: unknown) => unknown;

export class Disposable {
  constructor(private readonly undo: () => void = () => undefined) {}
  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
  dispose(): void {
    this.undo();
  }
}

export class EventEmitter {
  private readonly listeners = new Set<Listener>();
  readonly event = (listener: Listener, self?: unknown): Disposable => {
    const bound = (event: unknown) => listener.call(self, event);
    this.listeners.add(bound);
    return new Disposable(() => this.listeners.delete(bound));
  };
  fire(event: unknown): void {
    for (const listener of [...this.listeners]) listener(event);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...corners: [Position, Position] | [number, number, number, number]) {
    if (corners.length === 2) [this.start, this.end] = corners;
    else {
      this.start = new Position(corners[0], corners[1]);
      this.end = new Position(corners[2], corners[3]);
    }
  }
  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

export class CodeActionKind {
  static readonly Empty = new CodeActionKind("");
  static readonly QuickFix = new CodeActionKind("quickfix");
  static readonly Refactor = new CodeActionKind("refactor");
  static readonly RefactorExtract = new CodeActionKind("refactor.extract");
  static readonly RefactorInline = new CodeActionKind("refactor.inline");
  static readonly RefactorRewrite = new CodeActionKind("refactor.rewrite");
  static readonly Source = new CodeActionKind("source");
  static readonly SourceOrganizeImports = new CodeActionKind("source.organizeImports");
  static readonly SourceFixAll = new CodeActionKind("source.fixAll");
  constructor(readonly value: string) {}
  append(part: string): CodeActionKind {
    return new CodeActionKind(this.value === "" ? part : `${this.value}.${part}`);
  }
}

export class SnippetString {
  constructor(readonly value = "") {}
}

export class TextEdit {
  constructor(
    readonly range: Range,
    readonly newText: string,
  ) {}
}

export class SnippetTextEdit {
  constructor(
    readonly range: Range,
    readonly snippet: SnippetString,
  ) {}
}

export type DocumentEdit = TextEdit | SnippetTextEdit;

export class WorkspaceEdit {
  readonly edits = new Map<string, DocumentEdit[]>();
  /** Files that are made, and whether the user is to look at them first. */
  readonly made = new Map<string, boolean>();
  createFile(uri: URI, _options: unknown, annotation?: { needsConfirmation?: boolean }): void {
    this.made.set(uri.toString(), annotation?.needsConfirmation === true);
  }
  /** Each edit stands alone or beside its annotation. */
  set(uri: URI, edits: (DocumentEdit | [DocumentEdit, unknown])[]): void {
    const bare = edits.map((edit) => (Array.isArray(edit) ? edit[0] : edit));
    this.edits.set(uri.toString(), [...(this.edits.get(uri.toString()) ?? []), ...bare]);
  }
}

export class Diagnostic {
  code: unknown;
  source: string | undefined;
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

export class CodeAction {
  edit: WorkspaceEdit | undefined;
  constructor(
    readonly title: string,
    readonly kind?: CodeActionKind,
  ) {}
}

export class MarkdownString {
  constructor(readonly value = "") {}
}

export class Hover {
  constructor(
    readonly contents: MarkdownString[],
    readonly range?: Range,
  ) {}
}

export class SymbolInformation {
  readonly location: unknown;
  constructor(
    readonly name: string,
    readonly kind: number,
    ...rest: unknown[]
  ) {
    this.location = rest.at(-1);
  }
}

export class TabInputText {
  constructor(readonly uri: URI) {}
}

export class Document {
  readonly languageId = "python";
  readonly version = 1;
  readonly isDirty = false;
  readonly isClosed = false;
  readonly uri: URI;
  private readonly text: string;
  constructor(readonly fileName: string) {
    this.uri = URI.file(fileName);
    this.text = readFileSync(fileName, "utf8");
  }
  get lineCount(): number {
    return this.text.split("\n").length;
  }
  getText(): string {
    return this.text;
  }
  /** The first occurrence of `needle`. */
  find(needle: string): Position {
    const before = this.text.slice(0, this.text.indexOf(needle)).split("\n");
    return new Position(before.length - 1, before.at(-1)?.length ?? 0);
  }
  /** The text after the edits, the tab stops replaced by the names that stand in them. */
  after(edits: DocumentEdit[]): string {
    const offset = ({ line, character }: Position) =>
      this.text.split("\n").slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
    return [...edits]
      .sort((left, right) => offset(right.range.start) - offset(left.range.start))
      .reduce((text, edit) => {
        const inserted = edit instanceof TextEdit ? edit.newText : withoutTabStops(edit.snippet.value);
        return text.slice(0, offset(edit.range.start)) + inserted + text.slice(offset(edit.range.end));
      }, this.text);
  }
}

function withoutTabStops(snippet: string): string {
  const names = snippet.replace(/\$\{\d+:((?:\\.|[^\\}])*)\}|\$\{\d+\}|\$\d+/g, (_stop, name?: string) => name ?? "");
  return names.replace(/\\([\\$}])/g, "$1");
}

export const CancellationTokenSource = class {
  private readonly emitter = new EventEmitter();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire(undefined);
  }
  dispose(): void {
    this.emitter.dispose();
  }
};

/** Classes that the library only derives from or tests against. */
const OTHER_CLASSES = [
  "CallHierarchyItem", "CodeLens", "Color", "CompletionItem", "CompletionList", "DocumentLink", "DocumentSymbol", "InlayHint",
  "InlineCompletionList", "InlineValueEvaluatableExpression", "InlineValueText", "InlineValueVariableLookup", "Location",
  "RelativePattern", "TabInputCustom", "TabInputNotebook", "TabInputTextDiff", "ThemeColor", "TypeHierarchyItem",
];

/** Enumerations of which only the names matter here. */
const NAMED_ENUMS = [
  "CodeActionTriggerKind", "CompletionItemKind", "CompletionItemTag", "CompletionTriggerKind", "DiagnosticTag",
  "DocumentHighlightKind", "FoldingRangeKind", "InlineCompletionTriggerKind", "NotebookCellKind", "ProgressLocation",
  "SignatureHelpTriggerKind", "StatusBarAlignment", "SymbolKind", "SymbolTag", "TextDocumentSaveReason",
];

const EVENTS_OF_WORKSPACE = [
  "ChangeConfiguration", "ChangeNotebookDocument", "ChangeTextDocument", "ChangeWorkspaceFolders", "CloseNotebookDocument",
  "CloseTextDocument", "CreateFiles", "DeleteFiles", "GrantWorkspaceTrust", "OpenNotebookDocument", "OpenTextDocument",
  "RenameFiles", "SaveNotebookDocument", "SaveTextDocument",
];

const PROVIDERS = [
  "CallHierarchy", "CodeActions", "CodeLens", "Color", "CompletionItem", "Declaration", "Definition", "DocumentFormattingEdit",
  "DocumentHighlight", "DocumentLink", "DocumentRangeFormattingEdit", "DocumentSymbol", "FoldingRange", "Hover",
  "Implementation", "InlayHints", "Reference", "Rename", "SelectionRange", "SignatureHelp", "TypeDefinition",
  "TypeHierarchy", "WorkspaceSymbol",
];

/** A window with one folder, and what was seen in it. */
export class Editor {
  readonly providers = new Map<string, unknown>();
  readonly commands = new Map<string, (...args: unknown[]) => unknown>();
  readonly context = new Map<string, unknown>();
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly status = { text: "", tooltip: "", show: () => undefined, dispose: () => undefined };
  readonly log: string[] = [];
  readonly documents: Document[] = [];
  /** What was set by the user; `routewright.path` and the like. */
  readonly settings = new Map<string, unknown>();
  /** Which line of a quick pick the user takes. */
  pick: (label: string) => boolean = () => false;
  /** What the user types into the input boxes to come. */
  readonly typed: string[] = [];
  /** What was said of it. */
  readonly remarks: unknown[] = [];
  /** What was changed by commands. */
  readonly applied: WorkspaceEdit[] = [];
  shown: { uri: URI; line: number } | undefined;
  private readonly events = new Map<string, EventEmitter>();

  constructor(private readonly folder: string) {}

  open(file: string): Document {
    const document = new Document(Utils.joinPath(URI.file(this.folder), file).fsPath);
    this.documents.push(document);
    this.emitter("onDidOpenTextDocument").fire(document);
    this.emitter("onDidChangeVisibleTextEditors").fire([]);
    return document;
  }

  private emitter(name: string): EventEmitter {
    const known = this.events.get(name) ?? new EventEmitter();
    this.events.set(name, known);
    return known;
  }

  /** The module that `require("vscode")` gives. */
  module(): object {
    const named = (name: string) => [name, new Proxy({}, { get: (_target, member) => member })];
    return {
      ...Object.fromEntries(OTHER_CLASSES.map((name) => [name, class extends Object {}])),
      ...(Object.fromEntries(NAMED_ENUMS.map(named)) as object),
      ...{ CancellationTokenSource, CodeAction, CodeActionKind, Diagnostic, Disposable, EventEmitter, Hover },
      ...{ MarkdownString, Position, Range, SnippetString, SnippetTextEdit, SymbolInformation, TabInputText },
      ...{ TextEdit, WorkspaceEdit, CancellationError: class extends Error {}, Uri: Object.assign(URI, Utils) },
      InputBoxValidationSeverity: { Info: 1, Warning: 2, Error: 3 },
      DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
      FileType: { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 },
      LogLevel: { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 },
      version: "1.91.0",
      env: { appName: "Visual Studio Code", language: "en", openExternal: () => Promise.resolve(true) },
      commands: this.commandsApi(),
      languages: this.languagesApi(),
      window: this.windowApi(),
      workspace: this.workspaceApi(),
    };
  }

  private commandsApi(): object {
    return {
      registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
        if (this.commands.has(name)) throw new Error(`command '${name}' already exists`);
        this.commands.set(name, run);
        return new Disposable(() => this.commands.delete(name));
      },
      executeCommand: (name: string, ...args: [string, unknown]) => {
        if (name === "setContext") this.context.set(...args);
        return Promise.resolve(undefined);
      },
    };
  }

  private languagesApi(): object {
    const register = (kind: string) => [
      `register${kind}Provider`,
      (...args: unknown[]) => {
        this.providers.set(kind, kind === "WorkspaceSymbol" ? args[0] : args[1]);
        return new Disposable(() => this.providers.delete(kind));
      },
    ];
    const collection = {
      set: (uri: URI, found: Diagnostic[] | undefined) => this.diagnostics.set(uri.toString(), found ?? []),
      delete: (uri: URI) => this.diagnostics.delete(uri.toString()),
      has: (uri: URI) => this.diagnostics.has(uri.toString()),
      clear: () => {
        this.diagnostics.clear();
      },
      dispose: () => undefined,
    };
    return {
      ...(Object.fromEntries(PROVIDERS.map(register)) as object),
      match: (_selector: unknown, { fileName }: Document) => (fileName.endsWith(".py") ? 10 : 0),
      createDiagnosticCollection: () => collection,
    };
  }

  private windowApi(): object {
    const write = (text: unknown) => this.log.push(String(text));
    const tell = (text: string) => Promise.resolve(void write(text));
    const output = {
      ...{ name: "Routewright", logLevel: 3, onDidChangeLogLevel: this.emitter("logLevel").event },
      ...{ append: write, appendLine: write, trace: write, debug: write, info: write, warn: write, error: write },
      ...{ show: () => write("shown"), clear: () => undefined, dispose: () => undefined },
    };
    return {
      activeTextEditor: undefined,
      visibleTextEditors: [],
      tabGroups: {
        all: [{ tabs: [] }],
        onDidChangeTabs: this.emitter("onDidChangeTabs").event,
      },
      onDidChangeVisibleTextEditors: this.emitter("onDidChangeVisibleTextEditors").event,
      onDidChangeActiveTextEditor: this.emitter("onDidChangeActiveTextEditor").event,
      createOutputChannel: () => output,
      createStatusBarItem: () => this.status,
      ...{ showInformationMessage: tell, showWarningMessage: tell, showErrorMessage: tell },
      showQuickPick: (items: { label: string }[]) => Promise.resolve(items.find(({ label }) => this.pick(label))),
      showInputBox: async ({ validateInput }: { validateInput: (text: string) => Promise<unknown> }) => {
        const text = this.typed.shift();
        if (text !== undefined) this.remarks.push(await validateInput(text));
        return text;
      },
      showTextDocument: (uri: URI, { selection }: { selection: Range }) => {
        this.shown = { uri, line: selection.start.line + 1 };
        return Promise.resolve(undefined);
      },
      withProgress: (_options: unknown, task: (progress: object, token: object) => unknown) =>
        task({ report: () => undefined }, new CancellationTokenSource().token),
    };
  }

  private workspaceApi(): object {
    const root = { uri: URI.file(this.folder), name: "project", index: 0 };
    const events = EVENTS_OF_WORKSPACE.map((name) => `onDid${name}`);
    const before = ["onWillSaveTextDocument", "onWillCreateFiles", "onWillRenameFiles", "onWillDeleteFiles"];
    return {
      ...(Object.fromEntries([...events, ...before].map((name) => [name, this.emitter(name).event])) as object),
      textDocuments: this.documents,
      notebookDocuments: [],
      workspaceFolders: [root],
      getWorkspaceFolder: () => root,
      getConfiguration: (section: string) => ({
        get: (key: string, fallback: unknown) => this.settings.get(`${section}.${key}`) ?? fallback,
        inspect: (key: string) => ({ workspaceValue: this.settings.get(`${section}.${key}`) }),
      }),
      createFileSystemWatcher: () => ({
        onDidCreate: this.emitter("created").event,
        onDidChange: this.emitter("changed").event,
        onDidDelete: this.emitter("deleted").event,
        dispose: () => undefined,
      }),
      applyEdit: (edit: WorkspaceEdit) => Promise.resolve(this.applied.push(edit) > 0),
      fs: {
        stat: (uri: URI) => Promise.resolve().then(() => statSync(uri.fsPath)),
      },
    };
  }
}

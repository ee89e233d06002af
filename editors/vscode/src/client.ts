// The client of the language server: what is special to Routewright in the conversation with it.
import {
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  type Command,
  type ConfigurationItem,
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";
import * as vscode from "vscode";
import { argumentOf, asks, type Desk, type Place, type Preview } from "./add";
import { explicitSettings, type SettingsTree } from "./settings";
import { inAction, inActions, inWorkspaceEdit } from "./snippets";

const SECTION = "routewright";
const ADD_ENDPOINT = "routewright.addEndpoint";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A client that is not started yet; `keys` are the server's settings. */
export function makeClient(program: string, keys: string[], outputChannel: vscode.LogOutputChannel): LanguageClient {
  const settings = (scope?: vscode.Uri): SettingsTree => settingsAt(keys, scope);
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", language: "python" }],
    outputChannel,
    initializationOptions: () => settings(),
    middleware: middleware(settings, (command, argument) =>
      client.sendRequest<Preview>("routewright/preview", { command, arguments: argument }),
    ),
  };
  const client: LanguageClient = new LanguageClient(SECTION, "Routewright", { command: program, args: ["server"] }, options);
  client.registerFeature(snippetTextEdits);
  return client;
}

/** Sends what is set now; what the server isn't asked for it would otherwise learn only at its next start. */
export async function pushSettings(client: LanguageClient, keys: string[]): Promise<void> {
  const settings = { [SECTION]: settingsAt(keys, undefined) };
  await client.sendNotification(DidChangeConfigurationNotification.type, { settings });
}

function settingsAt(keys: string[], scope: vscode.Uri | undefined): SettingsTree {
  const configuration = vscode.workspace.getConfiguration(SECTION, scope);
  return explicitSettings(keys, (key) => configuration.inspect(key));
}

/** Tells the server that this client applies edits with tab stops. */
const snippetTextEdits: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), snippetTextEdit: true };
  },
  initialize() {
    return;
  },
  getState: () => ({ kind: "static" }),
  clear() {
    return;
  },
};

function middleware(settings: (scope?: vscode.Uri) => SettingsTree, preview: Desk["preview"]): Middleware {
  return {
    async sendRequest(type, param, token, next) {
      const answer = await next(type, param, token);
      return withSnippets(typeof type === "string" ? type : type.method, answer) as typeof answer;
    },
    async executeCommand(command, args, next) {
      const complete: unknown[] = args.length === 0 ? await askedFor(command, preview) : args;
      if (complete.length === 0) return undefined;
      const answer: unknown = await next(command, complete);
      if (asks(command) && args.length === 0) await tellNotes(answer);
      return answer;
    },
    workspace: {
      handleApplyEdit: (params, next) => next({ ...params, edit: inWorkspaceEdit(params.edit) }, never()),
      // The library's own notification carries the defaults too; `pushSettings` takes its place.
      didChangeConfiguration: () => Promise.resolve(),
      async configuration(params, token, next) {
        const answers = await next(params, token);
        if (!Array.isArray(answers)) return answers;
        return params.items.map((item, index) => (isOurs(item) ? settings(scopeOf(item)) : (answers[index] as unknown)));
      },
    },
  };
}

function withSnippets(method: string, answer: unknown): unknown {
  if (answer === null || answer === undefined) return answer;
  if (method === CodeActionRequest.method) return inActions(answer as (Command | CodeAction)[]);
  if (method === CodeActionResolveRequest.method) return inAction(answer as CodeAction);
  return answer;
}

/** The arguments of a command from the palette; none where the user let it be. */
async function askedFor(command: string, preview: Desk["preview"]): Promise<unknown[]> {
  if (command === ADD_ENDPOINT) return endpointToAdd();
  if (!asks(command)) return [{}];
  const document = vscode.window.activeTextEditor?.document;
  const place: Place = document?.languageId === "python" ? { uri: document.uri.toString() } : {};
  const argument = await argumentOf(command, { input, choose, preview }, place);
  return argument === undefined ? [] : [argument];
}

const input: Desk["input"] = async ({ title, prompt, placeHolder, check }) =>
  vscode.window.showInputBox({
    title,
    prompt,
    placeHolder,
    ignoreFocusOut: true,
    async validateInput(text) {
      const said = await check(text);
      if (said === undefined) return undefined;
      const { Error, Info } = vscode.InputBoxValidationSeverity;
      return { message: said.text, severity: said.isProblem ? Error : Info };
    },
  });

const choose: Desk["choose"] = async (title, choices) =>
  (await vscode.window.showQuickPick(choices, { title, ignoreFocusOut: true }))?.value;

/** Says what the user should know of what was added: new packages, what was there already. */
async function tellNotes(answer: unknown): Promise<void> {
  const { notes = [] } = (answer ?? {}) as { notes?: string[] };
  if (notes.length > 0) await vscode.window.showInformationMessage(notes.join("; "));
}

/** The argument of “Add Endpoint” from the palette: the document, and the method that the user picks. */
async function endpointToAdd(): Promise<unknown[]> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const method = await vscode.window.showQuickPick(METHODS, { title: "Add Endpoint" });
  return method === undefined ? [] : [{ uri: editor.document.uri.toString(), method }];
}

function isOurs(item: ConfigurationItem): boolean {
  return item.section === SECTION;
}

function scopeOf(item: ConfigurationItem): vscode.Uri | undefined {
  return item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri);
}

function never(): vscode.CancellationToken {
  return new vscode.CancellationTokenSource().token;
}

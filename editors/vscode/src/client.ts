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
    middleware: middleware(settings),
  };
  const client = new LanguageClient(SECTION, "Routewright", { command: program, args: ["server"] }, options);
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

function middleware(settings: (scope?: vscode.Uri) => SettingsTree): Middleware {
  return {
    async sendRequest(type, param, token, next) {
      const answer = await next(type, param, token);
      return withSnippets(typeof type === "string" ? type : type.method, answer) as typeof answer;
    },
    async executeCommand(command, args, next) {
      const complete: unknown[] = command === ADD_ENDPOINT && args.length === 0 ? await endpointToAdd() : args;
      return complete.length === 0 ? undefined : ((await next(command, complete)) as unknown);
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

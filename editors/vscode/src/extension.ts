// The extension: starts the server, keeps the status bar true, and offers the commands.
import * as vscode from "vscode";
import { isExecutable, findBinary } from "./binary";
import { showRoutes } from "./pick";
import { Session } from "./session";
import { serverKeys } from "./settings";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("Routewright", { log: true });
  const started = new Session(serverKeys(context.extension.packageJSON), output, () =>
    findBinary({
      setting: vscode.workspace.getConfiguration("routewright").get("path", "").trim(),
      extensionFolder: context.extensionPath,
      workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      searchPath: process.env["PATH"] ?? "",
      isExecutable,
    }),
  );
  session = started;
  context.subscriptions.push(
    output,
    started,
    vscode.commands.registerCommand("routewright.restartServer", () => started.restart()),
    vscode.commands.registerCommand("routewright.showOutput", () => {
      output.show();
    }),
    vscode.commands.registerCommand("routewright.showRoutes", () => showRoutes(started.running())),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("routewright.path")) await started.restart();
      else if (event.affectsConfiguration("routewright")) await started.pushSettings();
    }),
    // A restricted setting gets its value when the workspace becomes trusted.
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
  session = undefined;
}

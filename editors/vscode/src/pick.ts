// The command “Show Routes”: pick a route, and its function is opened.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { isInProject, type Route, routeItems, type RouteTable, summary } from "./routes";

export async function showRoutes(client: LanguageClient | undefined): Promise<void> {
  if (client === undefined) {
    await vscode.window.showWarningMessage("Routewright is not running.");
    return;
  }
  const table = await client.sendRequest<RouteTable>("routewright/routes", {});
  const picked = await vscode.window.showQuickPick(routeItems(table), {
    title: `Routes: ${summary(table)}`,
    placeHolder: "Method, path or function",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked !== undefined) await open(picked.route);
}

async function open(route: Route): Promise<void> {
  const uri = isInProject(route) ? await inWorkspace(route.file) : undefined;
  if (uri === undefined) {
    await vscode.window.showInformationMessage(`${route.path} is served by ${route.file}, outside this workspace.`);
    return;
  }
  const start = new vscode.Position(route.line - 1, 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start) });
}

/** The workspace folder decides what a relative name means; the first that has such a file is taken. */
async function inWorkspace(file: string): Promise<vscode.Uri | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri = vscode.Uri.joinPath(folder.uri, file);
    try {
      await vscode.workspace.fs.stat(uri);
      return uri;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

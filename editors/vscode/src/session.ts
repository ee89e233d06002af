// One server at a time: starting, stopping and restarting it, in the order in which they were asked for.
import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import type { Binary } from "./binary";
import { makeClient, pushSettings } from "./client";
import { type ServerState, statusText } from "./status";

export class Session implements vscode.Disposable {
  private readonly status = vscode.window.createStatusBarItem("routewright.status", vscode.StatusBarAlignment.Right);
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly keys: string[],
    private readonly output: vscode.LogOutputChannel,
    private readonly find: () => Binary,
  ) {
    this.status.name = "Routewright";
    this.status.command = "routewright.showOutput";
    this.show({ is: "stopped" });
    this.status.show();
  }

  /** The client whose server answers; undefined while there is none. */
  running(): LanguageClient | undefined {
    return this.client?.state === State.Running ? this.client : undefined;
  }

  restart(): Promise<void> {
    return this.after(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.after(() => this.end());
  }

  /** Tell the server what has been set; while it starts it reads that anyway. */
  async pushSettings(): Promise<void> {
    const client = this.running();
    if (client !== undefined) await pushSettings(client, this.keys);
  }

  dispose(): void {
    this.status.dispose();
  }

  private after(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((reason: unknown) => {
      this.fail(reason instanceof Error ? reason.message : String(reason));
    });
    return this.queue;
  }

  private async begin(): Promise<void> {
    const binary = this.find();
    if (!binary.found) {
      this.fail(binary.why);
      return;
    }
    this.output.info(`starting ${binary.file} (${binary.origin})`);
    const client = makeClient(binary.file, this.keys, this.output);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      this.follow(client, newState);
    });
    await client.start();
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (reason) {
      // A server that is gone already can't be asked to shut down.
      this.output.warn(`the server did not stop orderly: ${String(reason)}`);
    }
    this.show({ is: "stopped" });
  }

  private follow(client: LanguageClient, state: State): void {
    if (client !== this.client) return;
    if (state === State.Running) this.show({ is: "running", version: client.initializeResult?.serverInfo?.version });
    else if (state === State.Starting) this.show({ is: "starting" });
    else this.show({ is: "stopped" });
  }

  private fail(why: string): void {
    this.output.error(why);
    this.show({ is: "failed", why });
  }

  private show(state: ServerState): void {
    const { text, tooltip, failed } = statusText(state);
    this.status.text = text;
    this.status.tooltip = tooltip;
    this.status.backgroundColor = failed ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    void vscode.commands.executeCommand("setContext", "routewright.running", state.is === "running");
  }
}

// What the status bar says of the server.

export type ServerState =
  | { is: "starting" }
  | { is: "running"; version: string | undefined }
  | { is: "stopped" }
  | { is: "failed"; why: string };

export interface StatusText {
  text: string;
  tooltip: string;
  failed: boolean;
}

export function statusText(state: ServerState): StatusText {
  switch (state.is) {
    case "starting":
      return { text: "$(sync~spin) Routewright", tooltip: "Routewright is starting", failed: false };
    case "running":
      return { text: "$(milestone) Routewright", tooltip: running(state.version), failed: false };
    case "stopped":
      return { text: "$(circle-slash) Routewright", tooltip: "Routewright is stopped", failed: false };
    case "failed":
      return { text: "$(error) Routewright", tooltip: `Routewright failed: ${state.why}`, failed: true };
  }
}

function running(version: string | undefined): string {
  return version === undefined ? "Routewright is running" : `Routewright ${version} is running`;
}

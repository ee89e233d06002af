// The answer to `routewright/routes` as lines to pick from. Its shape is that of `routewright routes --format json`.

/** One method of one route. */
export interface Route {
  app: string;
  method: string;
  path: string;
  name: string;
  /** Relative to the project's root; `<site>/…` for an installed library. */
  file: string;
  /** From 1. */
  line: number;
  conditional: boolean;
}

/** Every app's routes. */
export interface RouteTable {
  apps: { id: string }[];
  routes: Route[];
  unresolved: unknown[];
}

/** A line of the list; `route` is where it leads. */
export interface RouteItem {
  label: string;
  description: string;
  detail: string;
  route: Route;
}

export function routeItems({ apps, routes }: RouteTable): RouteItem[] {
  return routes.map((route) => ({
    label: `${route.method} ${route.path}`,
    description: route.conditional ? `${route.name} (conditional)` : route.name,
    detail: apps.length > 1 ? `${route.file}:${route.line} in ${route.app}` : `${route.file}:${route.line}`,
    route,
  }));
}

export function summary({ routes, unresolved }: RouteTable): string {
  const known = `${routes.length} ${routes.length === 1 ? "route" : "routes"}`;
  return unresolved.length === 0 ? known : `${known}; ${unresolved.length} places of the wiring stay unknown`;
}

/** Whether the route stands in the project, where it can be opened, and not in an installed library. */
export function isInProject(route: Route): boolean {
  return !route.file.startsWith("<");
}

// What “Add Resource…”, “Add Router…” and “Add Auth…” ask for from the palette. The server checks what is typed, by the
// code that builds it, and says which files there will be.

/** Answer of `routewright/preview`. */
export interface Preview {
  problem: string | null;
  summary: string | null;
  notes: string[];
  creates: string[];
  changes: string[];
}

/** Where a project is: a document in it; the first workspace folder where there is none. */
export interface Place {
  uri?: string;
}

/** A line to choose, and what it stands for. */
export interface Choice {
  label: string;
  description: string;
  value: string;
}

/** What asks the user and the server. What is undefined was cancelled. */
export interface Desk {
  input: (question: Question) => Promise<string | undefined>;
  choose: (title: string, choices: Choice[]) => Promise<string | undefined>;
  preview: (command: string, argument: object) => Promise<Preview>;
}

/** A line that the user types. */
export interface Question {
  title: string;
  prompt: string;
  placeHolder: string;
  /** What is said of it while it is typed. */
  check: (text: string) => Promise<Remark | undefined>;
}

/** What is said of what is typed. */
export interface Remark {
  text: string;
  isProblem: boolean;
}

type Asking = (desk: Desk, place: Place) => Promise<object | undefined>;

const COMMANDS: Record<string, Asking> = {
  "routewright.addResource": askResource,
  "routewright.addRouter": askRouter,
  "routewright.addAuth": askAuth,
};

/** Whether a command asks for what it needs. */
export function asks(command: string): boolean {
  return command in COMMANDS;
}

/** The argument of a command, or undefined where the user let it be. Its new files are looked at before they are made. */
export async function argumentOf(command: string, desk: Desk, place: Place): Promise<object | undefined> {
  const argument = await COMMANDS[command]?.(desk, place);
  return argument === undefined ? undefined : { ...argument, ...place, preview: true };
}

/** What a preview says to the user. */
export function remark(preview: Preview): Remark | undefined {
  if (preview.problem !== null) return { text: preview.problem, isProblem: true };
  const parts = [
    ...(preview.creates.length > 0 ? [`creates ${preview.creates.join(", ")}`] : []),
    ...(preview.changes.length > 0 ? [`changes ${preview.changes.join(", ")}`] : []),
  ];
  return parts.length > 0 ? { text: `${preview.summary ?? ""}: ${parts.join("; ")}`, isProblem: false } : undefined;
}

/** Fields as they are typed, separated by spaces. */
export function fieldsOf(text: string): string[] {
  return text.split(/\s+/).filter((field) => field !== "");
}

async function askResource(desk: Desk, place: Place): Promise<object | undefined> {
  const command = "routewright.addResource";
  const check = async (argument: object) => remark(await desk.preview(command, { ...argument, ...place }));
  const name = await desk.input({
    title: "Add Resource (1/2)",
    prompt: "What one of the things is called",
    placeHolder: "order_line",
    check: (text) => check({ name: text }),
  });
  if (name === undefined) return undefined;
  const fields = await desk.input({
    title: "Add Resource (2/2)",
    prompt: "Its fields, name:kind, with ! for unique, ? for optional and =value for a default",
    placeHolder: "title:str! price:decimal? state:enum(draft|published)=draft",
    check: (text) => check({ name, fields: fieldsOf(text) }),
  });
  return fields === undefined ? undefined : { name, fields: fieldsOf(fields) };
}

async function askRouter(desk: Desk, place: Place): Promise<object | undefined> {
  const command = "routewright.addRouter";
  const check = async (argument: object) => remark(await desk.preview(command, { ...argument, ...place }));
  const name = await desk.input({
    title: "Add Router (1/2)",
    prompt: "What it is about",
    placeHolder: "orders",
    check: (text) => check({ name: text }),
  });
  if (name === undefined) return undefined;
  const withPrefix = (prefix: string) => (prefix === "" ? { name } : { name, prefix });
  const prefix = await desk.input({
    title: "Add Router (2/2)",
    prompt: "The path below which it serves; that of its name where left empty",
    placeHolder: `/${name.replaceAll("_", "-")}`,
    check: (text) => check(withPrefix(text)),
  });
  return prefix === undefined ? undefined : withPrefix(prefix);
}

const SCHEMES: Choice[] = [
  { label: "JWT", description: "Users; tokens signed with one secret (HS256)", value: "jwt" },
  { label: "JWT with public keys", description: "Users; tokens that others can verify (RS256, JWKS)", value: "jwks" },
  { label: "API keys", description: "For programs; stored as hashes", value: "api-key" },
];
const HASHES: Choice[] = [
  { label: "Argon2", description: "Passwords hashed with Argon2id", value: "argon2" },
  { label: "bcrypt", description: "Passwords hashed with bcrypt, cost 12", value: "bcrypt" },
];
const KEY_PLACES: Choice[] = [
  { label: "Header", description: "X-API-Key", value: "header" },
  { label: "Query", description: "?api_key=", value: "query" },
];

async function askAuth(desk: Desk, place: Place): Promise<object | undefined> {
  const { problem } = await desk.preview("routewright.addAuth", { ...place });
  const scheme = await desk.choose("Add Auth (1/2)", problem === null ? SCHEMES : SCHEMES.slice(-1));
  if (scheme === undefined) return undefined;
  const isKey = scheme === "api-key";
  const second = await desk.choose("Add Auth (2/2)", isKey ? KEY_PLACES : HASHES);
  if (second === undefined) return undefined;
  return isKey ? { scheme, keyIn: second } : { scheme, hash: second };
}

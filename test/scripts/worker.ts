import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import {
  type Child,
  endChildren,
  ROOT,
  startChild,
  startScript,
  temporaryFolder,
  until,
} from "./child.ts";
import { startFakeDesk } from "./fake-desk.ts";

const SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLXNlcnZlLXRlc3Rz";
const TOKEN = "test-token-of-the-serve-tests";

/** A Worker which runs as `npm run serve` runs it. */
export interface Served {
  readonly child: Child;
  readonly url: string;
  /** The processes: itself, Node's and workerd's. */
  readonly family: readonly number[];
}

/** A folder for states, a fake desk, and the Workers that talk to it. */
export async function openPlace() {
  const folder = await temporaryFolder();
  const desk = await startFakeDesk(SECRET);
  const file = join(folder.path, "vars");
  const variables = {
    STANDARD_SECRETS: SECRET,
    STANDARD_COMMENT_URL: desk.commentUrl,
    API_TOKENS: TOKEN,
  };
  await writeVariables(file, variables);

  const place = {
    desk,
    stateFolder: (state: string) => join(folder.path, state),
    options: (state: string, port = "0") => [
      ...["--port", port],
      ...["--state", join(folder.path, state)],
      ...["--vars", file],
    ],
    /** Starts a Worker, and waits until it is ready. */
    async serve(state: string, port?: string, changes: Record<string, string> = {}) {
      await writeVariables(file, { ...variables, ...changes });
      return place.ready(
        startScript("serve.ts", place.options(state, port), { temporary: folder.path }),
      );
    },
    record,
    /** Starts a Worker whose state is on a disk of its own, which holds no more than a few MB. */
    async serveOnSmallDisk(state: string) {
      const [disk, mount] = [join(folder.path, state), 'mount -t tmpfs -o size=8m tmpfs "$0"'];
      await mkdir(disk);
      const serve = [process.execPath, join(ROOT, "scripts", "serve.ts"), ...place.options(state)];
      const run = ["sh", "-c", `${mount} && exec "$@"`, disk, ...serve];
      const served = await place.ready(
        startChild(["unshare", "-rm", ...run], { temporary: folder.path }),
      );
      return { ...served, filler: join("/proc", String(served.child.pid), "root", disk, "filler") };
    },
    serveByNpm(state: string) {
      const command = ["npm", "run", "serve", "--", ...place.options(state)];
      return place.ready(startChild(command, { temporary: folder.path }));
    },
    /** Where a state keeps its ledgers. */
    async ledgerFiles(state: string) {
      const home = join(folder.path, state, "do", "hresult-comments-Ledger");
      const names = (await readdir(home)).filter((name) => /^[0-9a-f]{64}\.sqlite/.test(name));
      return names.map((name) => join(home, name));
    },
    leftovers: folder.leftovers,
    async ready(child: Child): Promise<Served> {
      const url = await child.until(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
      return { child, url, family: child.family() };
    },
    async close() {
      await endChildren();
      desk.stop();
      await folder.remove();
    },
  };
  return place;
}

/** A signed delivery of a ticket with one code. */
export function delivery(id: string, ticketId: string) {
  const ticket = { id: ticketId, subject: "PIN", body: "エラー0x80090029" };
  const body = JSON.stringify({ type: "ticket.created", data: { ticket } });
  const now = new Date();
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign(id, now, body),
  };
  return { headers, body };
}

/** Sends it, and gives the answer's status word, or else its error. */
export async function send(url: string, id: string, ticketId: string): Promise<string> {
  const init = { method: "POST", ...delivery(id, ticketId) };
  const answer = await fetch(`${url}/webhooks/standard`, init);
  const { status, error } = Object(await answer.json());
  return status ?? `${answer.status} ${error}`;
}

/** Waits until the ledger is done with a ticket, and gives its record. */
export function settled(url: string, ticketId: string) {
  return until(async () => {
    const answer = await record(url, ticketId);
    return ["done", "failed"].includes(answer.state) ? answer : undefined;
  });
}

async function record(url: string, ticketId: string) {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return Object(await (await fetch(`${url}/tickets/standard/${ticketId}`, { headers })).json());
}

function writeVariables(file: string, variables: Record<string, string>) {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return writeFile(file, lines.join("\n"));
}

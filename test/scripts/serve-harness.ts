import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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
import { startStubTicketSystem } from "./stub-ticket-system.ts";

export const SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLXNlcnZlLXRlc3Rz";
export const TOKEN = "test-token-of-the-serve-tests";

/** A Worker that `npm run serve` runs. */
export interface ServedWorker {
  readonly child: Child;
  readonly url: string;
  /** The ids of its processes: the script, workerd, and npm where npm started it. */
  readonly family: readonly number[];
}

/** Opens a folder for states, and a stub ticket system. It starts Workers on them. */
export async function openServeHarness() {
  const folder = await temporaryFolder();
  const ticketSystem = await startStubTicketSystem(SECRET);
  const file = join(folder.path, "vars");
  const variables = {
    STANDARD_SECRETS: SECRET,
    STANDARD_COMMENT_URL: ticketSystem.commentUrl,
    API_TOKENS: TOKEN,
  };
  await writeVariables(file, variables);

  const harness = {
    ticketSystem,
    stateFolder: (state: string) => join(folder.path, state),
    /** The command-line options of `npm run serve`. */
    options: (state: string, port = "0") => [
      ...["--port", port],
      ...["--state", join(folder.path, state)],
      ...["--vars", file],
    ],
    /** Starts a Worker and waits until it is ready. */
    async serve(state: string, port?: string, changes: Record<string, string> = {}) {
      await writeVariables(file, { ...variables, ...changes });
      return untilReady(
        startScript("serve.ts", harness.options(state, port), { temporary: folder.path }),
      );
    },
    /**
     * Starts a Worker whose state is on a file system of its own of 8 MB. A file that is written to
     * `filler` fills it.
     */
    async serveOnSmallDisk(state: string) {
      const [disk, mount] = [join(folder.path, state), 'mount -t tmpfs -o size=8m tmpfs "$0"'];
      await mkdir(disk);
      const serve = [
        process.execPath,
        join(ROOT, "scripts", "serve.ts"),
        ...harness.options(state),
      ];
      const run = ["sh", "-c", `${mount} && exec "$@"`, disk, ...serve];
      const served = await untilReady(
        startChild(["unshare", "-rm", ...run], { temporary: folder.path }),
      );
      return { ...served, filler: join("/proc", String(served.child.pid), "root", disk, "filler") };
    },
    serveByNpm(state: string) {
      const command = ["npm", "run", "serve", "--", ...harness.options(state)];
      return untilReady(startChild(command, { temporary: folder.path }));
    },
    /** The SQLite files of a state's ledgers. */
    async ledgerFiles(state: string) {
      const home = join(folder.path, state, "do", "hresult-comments-Ledger");
      const names = (await readdir(home)).filter((name) => /^[0-9a-f]{64}\.sqlite/.test(name));
      return names.map((name) => join(home, name));
    },
    leftovers: folder.leftovers,
    async close() {
      await endChildren();
      ticketSystem.stop();
      await folder.remove();
    },
  };
  return harness;
}

async function untilReady(child: Child): Promise<ServedWorker> {
  const url = await child.until(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
  return { child, url, family: child.family() };
}

/** A signed delivery of a ticket. Default: a ticket with one code. */
export function signedDelivery(id: string, ticketId: string, text = "エラー0x80090029") {
  const ticket = { id: ticketId, subject: "PIN", body: text };
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

/** Sends it. Returns the status word of the answer, or the HTTP status and the error. */
export async function deliver(url: string, id: string, ticketId: string): Promise<string> {
  const init = { method: "POST", ...signedDelivery(id, ticketId) };
  const answer = await fetch(`${url}/webhooks/standard`, init);
  const { status, error } = Object(await answer.json());
  return status ?? `${answer.status} ${error}`;
}

/** Waits until a ticket is done or failed. Returns the ledger's record. */
export function untilFinished(url: string, ticketId: string) {
  return until(async () => {
    const record = await recordOf(url, ticketId);
    return ["done", "failed"].includes(record.state) ? record : undefined;
  });
}

/** Waits until `/readyz` answers a status. It repeats its last answer for ten seconds. */
export function untilReadyz(url: string, status: number) {
  return until(
    async () => {
      if ((await fetch(`${url}/readyz`)).status === status) return true;
      await delay(500);
      return undefined;
    },
    () => `${status} of /readyz`,
  );
}

/** The ledger's record of a ticket. */
export async function recordOf(url: string, ticketId: string) {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return Object(await (await fetch(`${url}/tickets/standard/${ticketId}`, { headers })).json());
}

function writeVariables(file: string, variables: Record<string, string>) {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return writeFile(file, lines.join("\n"));
}

import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  type Child,
  killAll,
  ROOT,
  startChild,
  temporaryFolder,
  until,
  untilGone,
} from "../scripts/child.ts";
import { recordOf, SECRET, signedDelivery, TOKEN } from "../scripts/serve-harness.ts";

/**
 * Makes the state folder that `upgrade.test.ts` starts from: runs `serve` of version 0.1.0 with a
 * stand-in for a ticket system, and kills it with SIGKILL while it works on a ticket. Run it as
 * `npx node test/upgrade/make-state.ts`. It needs the history of git.
 */

/** The last commit of version 0.1.0. */
const COMMIT = "65a6d2d";
const FIXTURES = join(ROOT, "test", "fixtures", "upgrade");

/** What the ticket system does with the comment of a ticket. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "T-done": (response) => respond(response, 200, { id: "C-1" }),
  "T-failed": (response) => respond(response, 410, {}),
  "T-waiting": (response) => respond(response, 503, {}),
  // It stores the comment, and the answer is lost.
  "T-unanswered": (response) => response.destroy(),
  // It stores the comment, and the Worker is killed before it answers.
  "T-killed": () => {},
};

function respond(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The `webhook-id` of the comment of each ticket. */
const commentIds: Record<string, string> = {};

const ticketSystem = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const { data } = JSON.parse(await text(request));
  commentIds[data.ticketId] = String(request.headers["webhook-id"]);
  ANSWERS[data.ticketId]?.(response);
});
await once(ticketSystem.listen(0, "127.0.0.1"), "listening");
const { port } = Object(ticketSystem.address());

const folder = await temporaryFolder();
const program = join(folder.path, "program");
await mkdir(program);
await run(["sh", "-c", `git archive ${COMMIT} | tar -x -C ${program}`]);
// Version 0.1.0 had the same versions of all packages that it uses.
await symlink(join(ROOT, "node_modules"), join(program, "node_modules"));

const variables = {
  STANDARD_SECRETS: SECRET,
  STANDARD_COMMENT_URL: `http://127.0.0.1:${port}/tickets/{id}/comments`,
  API_TOKENS: TOKEN,
};
const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
await writeFile(join(folder.path, "vars"), lines.join(""));
const serve = [process.execPath, "scripts/serve.ts", "--port", "0", "--state", "../state"];
const worker: Child = startChild([...serve, "--vars", "../vars"], { cwd: program });
const url = await worker.until(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);

await deliver("T-done", "Error 0x80090029");
await untilRecord("T-done", { state: "done", outcome: "posted" });
await deliver("T-none", "The printer is out of paper");
await untilRecord("T-none", { state: "done", outcome: "no_code" });
await deliver("T-failed", "Error 0x80090029");
await untilRecord("T-failed", { state: "failed" });
await deliver("T-unanswered", "Error 0x80090016");
await untilRecord("T-unanswered", { state: "waiting", lastFailure: "ticket_system_unavailable" });
await deliver("T-waiting", "Error 0x801C03ED");
await untilRecord("T-waiting", { state: "waiting", lastFailure: "ticket_system_unavailable" });
await deliver("T-killed", "Error 0x80090029");
await until(() => commentIds["T-killed"]);
const family = worker.family();
killAll(family);
await untilGone(family);

await run(["tar", "-czf", join(FIXTURES, "state-0.1.0.tar.gz"), "-C", folder.path, "state"]);
const file = join(FIXTURES, "comments-0.1.0.json");
await writeFile(file, `${JSON.stringify(commentIds, null, 2)}\n`);
await folder.remove();
process.exit();

async function deliver(ticketId: string, body: string) {
  const init = { method: "POST", ...signedDelivery(`delivery-${ticketId}`, ticketId, body) };
  const answer = await fetch(`${url}/webhooks/standard`, init);
  if (answer.status !== 202) throw new Error(`${ticketId} was answered ${answer.status}`);
}

async function untilRecord(ticketId: string, expected: Readonly<Record<string, string>>) {
  await until(async () => {
    const record = await recordOf(url, ticketId);
    return Object.entries(expected).every(([name, value]) => record[name] === value) || undefined;
  });
}

async function run(command: readonly string[]) {
  const { code, output } = await startChild(command).result;
  if (code !== 0) throw new Error(`${command.join(" ")}: ${output}`);
}

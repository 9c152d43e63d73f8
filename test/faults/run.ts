import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Child, killAll, startScript, temporaryFolder, untilGone } from "../scripts/child.ts";
import { openDice } from "./dice.ts";
import { startFaultDesk } from "./fault-desk.ts";
import { runReplaced } from "./replaced.ts";
import { CANARY, openSender, SECRET } from "./sender.ts";

const USAGE = `npm run test:faults -- [--deliveries N] [--kills N] [--seed N]
  --deliveries  how many deliveries are sent (20000)
  --kills       how often workerd, Node or both are ended by kill -9 (10)
  --seed        repeats what a run does, as far as chance decides it (1)`;

const TOKEN = "test-token-of-the-fault-runs";
/** How long tickets may wait once the desk is mended. */
const SETTLE_LIMIT_MS = 300_000;
const VICTIMS = ["workerd", "Node", "both"] as const;

/**
 * Sends deliveries while the ticket desk fails in every way and processes are killed, then counts
 * at the desk: each ticket that was accepted must have exactly one comment.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      deliveries: { type: "string", default: "20000" },
      kills: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const [deliveries, kills, seed] = [
    readCount("deliveries", values.deliveries),
    readCount("kills", values.kills),
    readCount("seed", values.seed),
  ];

  await using endings = new AsyncDisposableStack();
  const folder = await temporaryFolder();
  endings.defer(folder.remove);
  const desk = await startFaultDesk(openDice(seed, "desk"));
  endings.defer(() => desk.close());
  const sender = openSender(openDice(seed, "sender"), deliveries);
  const worker = await startServed(folder.path, desk.url);
  endings.defer(() => worker.end());

  const start = performance.now();
  let isSending = true;
  const sent = sender.send(worker.url).finally(() => {
    isSending = false;
  });
  for (let kill = 0; kill < kills; kill++) {
    // The last ones hit a Worker that gets no more deliveries and has only what is on its disk.
    const due = ((kill + 1) / kills) * deliveries;
    while (isSending && sender.answered < due) await pass(20);
    const victim = VICTIMS[kill % VICTIMS.length] ?? "both";
    await worker.kill(victim);
    console.log(`${seconds(start)}  ${sender.answered} answered; killed ${victim}`);
  }
  await sent;
  const pending = () => [...sender.acceptedAt.keys()].filter((key) => !desk.comments.has(key));
  console.log(
    `${seconds(start)}  all are sent; ${pending().length} tickets wait; the desk is mended`,
  );
  desk.mend();
  const limit = performance.now() + SETTLE_LIMIT_MS;
  while (pending().length > 0 && performance.now() < limit) await pass(100);
  await worker.untilAtRest();

  const accepted = [...sender.acceptedAt.keys()];
  const lost = pending();
  const doubled = [...desk.comments].filter(([, count]) => count > 1).map(([key]) => key);
  const waits = accepted.map(
    (key) => (desk.commentedAt.get(key) ?? Number.NaN) - (sender.acceptedAt.get(key) ?? 0),
  );
  const leaks = await worker.search(CANARY);
  const faults = [...desk.faults].map(([name, count]) => `${name}: ${count}`).sort();
  console.log(`
seed             ${seed}
deliveries       ${sender.answered}, answered with 202
tickets accepted ${accepted.length}
comments posted  ${[...desk.comments.values()].reduce((sum, each) => sum + each, 0)}
lost             ${lost.length}
doubled          ${doubled.length}
longest wait     ${(Math.max(...waits.filter(Number.isFinite)) / 1_000).toFixed(1)} s
kills            ${kills}
faults           ${faults.join(", ")}
odd answers      ${sender.odd.length} ${[...new Set(sender.odd)].join("; ")}
ticket text in   ${leaks.join(", ") || "no log and no file"}
took             ${seconds(start)}`);
  for (const key of [...lost, ...doubled].slice(0, 20)) console.log(`wrong: ${key}`);

  const replaced = await runReplaced();
  console.log(`replaced while a read hangs: ${replaced.posts} posted, then ${replaced.late}`);
  const wrong =
    lost.length + doubled.length + sender.odd.length + leaks.length + Number(replaced.posts !== 1);
  if (wrong > 0) process.exitCode = 1;
}

/** The Worker as `npm run serve` runs it, on a port of its own. */
async function startServed(folder: string, deskUrl: string) {
  const vars = join(folder, "vars");
  const variables = {
    API_TOKENS: TOKEN,
    STANDARD_SECRETS: SECRET,
    STANDARD_COMMENT_URL: `${deskUrl}/standard/{id}`,
    REQUEST_TRACKER_URL: deskUrl,
    REQUEST_TRACKER_TOKEN: "invented",
    REQUEST_TRACKER_SECRETS: SECRET,
  };
  const lines = Object.entries(variables).map((each) => `${each.join("=")}\n`);
  await writeFile(vars, lines.join(""));
  const state = join(folder, "state");
  let earlier = "";
  let child: Child;
  let port = "0";
  const start = async () => {
    const options = ["--port", port, "--state", state, "--vars", vars];
    child = startScript("serve.ts", options, { temporary: folder });
    const url = await child.until(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
    port = new URL(url).port;
    return url;
  };
  const url = await start();

  async function isUp() {
    return fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  return {
    url,
    /** Ends it the hard way, and waits until it runs again. */
    async kill(victim: (typeof VICTIMS)[number]) {
      const [node = 0, ...others] = child.family();
      const killed = victim === "Node" ? [node] : victim === "workerd" ? others : [node, ...others];
      killAll(killed);
      if (victim === "workerd") {
        await untilGone(others);
      } else {
        await untilGone([node, ...others]);
        earlier += child.output();
        await start();
      }
      while (!(await isUp())) await pass(50);
    },
    /** Until it has written what it did last. */
    async untilAtRest() {
      const headers = { authorization: `Bearer ${TOKEN}` };
      for (const until = performance.now() + SETTLE_LIMIT_MS; performance.now() < until; ) {
        const figures = await (await fetch(`${url}/metrics`, { headers })).text();
        if (!/^hresult_tickets_waiting\{[^}]*\} [^0]/m.test(figures)) return;
        await pass(200);
      }
    },
    /** Where a text stands: in the log, or in a file of the state. */
    async search(word: string) {
      const found = (earlier + child.output()).includes(word) ? ["log"] : [];
      for (const name of globSync("**/*", { cwd: state, withFileTypes: true })) {
        if (!name.isFile()) continue;
        const content = await readFile(join(name.parentPath, name.name));
        if (content.includes(word)) found.push(name.name);
      }
      return found;
    },
    async end() {
      const family = child.family();
      process.kill(child.pid, "SIGTERM");
      await untilGone(family);
    },
  };
}

function readCount(name: string, text: string) {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number, not "${text}"\n${USAGE}`);
}

function seconds(start: number) {
  return `${((performance.now() - start) / 1_000).toFixed(1)} s`;
}

/** What failed first, and what failed while it was cleared away. */
function causesOf(error: unknown): unknown[] {
  if (!(error instanceof SuppressedError)) return [error];
  return [...causesOf(error.suppressed), ...causesOf(error.error)];
}

await main().catch((error) => {
  for (const cause of causesOf(error)) console.error(cause);
  process.exitCode = 1;
});

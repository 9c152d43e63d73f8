import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Child, killAll, startScript, temporaryFolder, untilGone } from "../scripts/child.ts";
import { createDice } from "./dice.ts";
import { startFaultyTicketSystem } from "./faulty-ticket-system.ts";
import { runReplaced } from "./replaced.ts";
import { CANARY, createSender, SECRET } from "./sender.ts";

const USAGE = `npm run test:faults -- [--deliveries N] [--kills N] [--seed N]
  --deliveries  how many deliveries are sent (20000)
  --kills       how often workerd, Node or both are killed with kill -9 (10)
  --seed        repeats the random choices of a run (1)`;

const TOKEN = "test-token-of-the-fault-runs";
/** How long tickets may wait after the faults have ended. */
const FINISH_LIMIT_MS = 300_000;
const VICTIMS = ["workerd", "Node", "both"] as const;

/**
 * Sends deliveries while the ticket system fails in every way and processes are killed. Then it
 * counts comments in the ticket system: each ticket that was accepted must have exactly one.
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

  await using cleanUps = new AsyncDisposableStack();
  const folder = await temporaryFolder();
  cleanUps.defer(folder.remove);
  // The names belong to the seed: with others, the same seed would give another run.
  const ticketSystem = await startFaultyTicketSystem(createDice(seed, "desk"));
  cleanUps.defer(() => ticketSystem.close());
  const sender = createSender(createDice(seed, "sender"), deliveries);
  const worker = await startServed(folder.path, ticketSystem.url);
  cleanUps.defer(() => worker.end());

  const start = performance.now();
  let isSending = true;
  const sent = sender.send(worker.url).finally(() => {
    isSending = false;
  });
  for (let kill = 0; kill < kills; kill++) {
    // The last kills hit a Worker that gets no more deliveries and has only the tickets on its
    // disk.
    const due = ((kill + 1) / kills) * deliveries;
    while (isSending && sender.answered < due) await delay(20);
    const victim = VICTIMS[kill % VICTIMS.length] ?? "both";
    await worker.kill(victim);
    console.log(`${seconds(start)}  ${sender.answered} answered; killed ${victim}`);
  }
  await sent;
  const pending = () =>
    [...sender.acceptedAt.keys()].filter((key) => !ticketSystem.comments.has(key));
  console.log(
    `${seconds(start)}  all are sent; ${pending().length} tickets wait; the ticket system works again`,
  );
  ticketSystem.repair();
  const limit = performance.now() + FINISH_LIMIT_MS;
  while (pending().length > 0 && performance.now() < limit) await delay(100);
  await worker.untilAtRest();

  const accepted = [...sender.acceptedAt.keys()];
  const lost = pending();
  const doubled = [...ticketSystem.comments].filter(([, count]) => count > 1).map(([key]) => key);
  const waits = accepted.map(
    (key) => (ticketSystem.commentedAt.get(key) ?? Number.NaN) - (sender.acceptedAt.get(key) ?? 0),
  );
  const leaks = await worker.search(CANARY);
  const faults = [...ticketSystem.faults].map(([name, count]) => `${name}: ${count}`).sort();
  console.log(`
seed             ${seed}
deliveries       ${sender.answered}, answered with 202
tickets accepted ${accepted.length}
comments posted  ${[...ticketSystem.comments.values()].reduce((sum, each) => sum + each, 0)}
lost             ${lost.length}
doubled          ${doubled.length}
longest wait     ${(Math.max(...waits.filter(Number.isFinite)) / 1_000).toFixed(1)} s
kills            ${kills}
faults           ${faults.join(", ")}
unexpected       ${sender.unexpected.length} ${[...new Set(sender.unexpected)].join("; ")}
ticket text in   ${leaks.join(", ") || "no log and no file"}
took             ${seconds(start)}`);
  for (const key of [...lost, ...doubled].slice(0, 20)) console.log(`wrong: ${key}`);

  const replaced = await runReplaced();
  console.log(`replaced while a read hangs: ${replaced.posts} posted, then ${replaced.late}`);
  const wrong =
    lost.length +
    doubled.length +
    sender.unexpected.length +
    leaks.length +
    Number(replaced.posts !== 1);
  if (wrong > 0) process.exitCode = 1;
}

/** The Worker as `npm run serve` runs it, on a port of its own. */
async function startServed(folder: string, ticketSystemUrl: string) {
  const vars = join(folder, "vars");
  const variables = {
    API_TOKENS: TOKEN,
    STANDARD_SECRETS: SECRET,
    STANDARD_COMMENT_URL: `${ticketSystemUrl}/standard/{id}`,
    REQUEST_TRACKER_URL: ticketSystemUrl,
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
    /** Kills it, and waits until it runs again. */
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
      while (!(await isUp())) await delay(50);
    },
    /** Waits until no ticket is waiting. */
    async untilAtRest() {
      const headers = { authorization: `Bearer ${TOKEN}` };
      for (const until = performance.now() + FINISH_LIMIT_MS; performance.now() < until; ) {
        const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
        if (!/^hresult_tickets_waiting\{[^}]*\} [^0]/m.test(metrics)) return;
        await delay(200);
      }
    },
    /** Where a word occurs: `log`, or the names of files of the state. */
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

/** The error, and the errors of the clean-ups after it. */
function causesOf(error: unknown): unknown[] {
  if (!(error instanceof SuppressedError)) return [error];
  return [...causesOf(error.suppressed), ...causesOf(error.error)];
}

await main().catch((error) => {
  for (const cause of causesOf(error)) console.error(cause);
  process.exitCode = 1;
});

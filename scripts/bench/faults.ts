import { setTimeout as delay } from "node:timers/promises";
import { nodeRed } from "./alternatives/node-red.ts";
import { probot } from "./alternatives/probot.ts";
import { sendAll } from "./send.ts";
import { type StubTicketSystem, startStubTicketSystem } from "./stub-ticket-system.ts";
import type { MeasuredSystem, RunningSystem } from "./system.ts";
import { type Section, table } from "./table.ts";
import { SYSTEMS } from "./worker.ts";

/** How many tickets are delivered during each fault. */
const DELIVERIES = 20;
/** How long a fault lasts. */
const FAULT_MS = 3_000;
/** How long to wait for comments afterwards: longer than any system waits before a retry. */
const COMMENT_LIMIT_MS = 30_000;

interface Fault {
  readonly name: string;
  run(system: RunningSystem, ticketSystem: StubTicketSystem, ids: readonly string[]): Promise<void>;
}

const FAULTS: readonly Fault[] = [
  {
    name: "each delivery comes twice",
    async run(system, _, ids) {
      // All at once: Probot answers only when it is done, or after nine seconds.
      await sendAll(system, ids);
      await sendAll(system, ids);
    },
  },
  {
    name: "the ticket system answers 503 for 3 s",
    async run(system, ticketSystem, ids) {
      ticketSystem.behaviour = "fail";
      await sendAll(system, ids);
      await delay(FAULT_MS);
      ticketSystem.behaviour = "answer";
    },
  },
  {
    name: "for 3 s it keeps the comment, and the answer is lost",
    async run(system, ticketSystem, ids) {
      ticketSystem.behaviour = "cut";
      await sendAll(system, ids);
      await delay(FAULT_MS);
      ticketSystem.behaviour = "answer";
    },
  },
  {
    name: "kill -9 after the answer",
    async run(system, ticketSystem, ids) {
      ticketSystem.behaviour = "hang";
      await sendAll(system, ids);
      await system.kill();
      ticketSystem.behaviour = "answer";
      await system.restart();
    },
  },
];

/** Measures how many comments are lost and doubled during faults. */
export async function benchFaults(): Promise<Section> {
  const rows: string[][] = [];
  for (const system of [SYSTEMS.worker, nodeRed, probot]) {
    rows.push([system.name, ...(await runFaults(system))]);
  }
  const title = `Comments lost and doubled, of ${DELIVERIES} tickets each`;
  return { title, lines: table(["System", ...FAULTS.map(({ name }) => name)], rows) };
}

/** Runs all faults on one system. Returns a table cell for each. */
async function runFaults(system: MeasuredSystem) {
  await using cleanUps = new AsyncDisposableStack();
  const ticketSystem = await startStubTicketSystem();
  cleanUps.defer(async () => ticketSystem.close());
  const running = await system.start(ticketSystem.url);
  cleanUps.defer(running.stop);
  const cells: string[] = [];
  for (const [index, fault] of FAULTS.entries()) {
    ticketSystem.reset();
    const ids = Array.from({ length: DELIVERIES }, (_, each) => String(1_000 * (index + 1) + each));
    await fault.run(running, ticketSystem, ids);
    const limit = performance.now() + COMMENT_LIMIT_MS;
    while (ticketSystem.comments.size < DELIVERIES && performance.now() < limit) await delay(100);
    // Duplicates may come later.
    await delay(FAULT_MS);
    const lost = ids.filter((id) => !ticketSystem.comments.has(id)).length;
    const doubled = ids.filter((id) => (ticketSystem.comments.get(id) ?? 0) > 1).length;
    cells.push(`${lost} lost, ${doubled} doubled`);
  }
  return cells;
}

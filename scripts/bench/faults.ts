import { setTimeout as pass } from "node:timers/promises";
import { type Desk, startDesk } from "./desk.ts";
import { nodeRed } from "./rivals/node-red.ts";
import { probot } from "./rivals/probot.ts";
import { sendAll } from "./send.ts";
import type { Running, System } from "./system.ts";
import { type Section, table } from "./table.ts";
import { SYSTEMS } from "./worker.ts";

/** How many deliveries meet each fault. */
const DELIVERIES = 20;
/** How long a fault lasts. */
const FAULT_MS = 3_000;
/** How long comments may take afterwards; more than any of these systems waits between two tries. */
const SETTLE_MS = 30_000;

interface Fault {
  readonly name: string;
  run(system: Running, desk: Desk, ids: readonly string[]): Promise<void>;
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
    async run(system, desk, ids) {
      desk.manner = "fail";
      await sendAll(system, ids);
      await pass(FAULT_MS);
      desk.manner = "answer";
    },
  },
  {
    name: "for 3 s it keeps the comment, and the answer is lost",
    async run(system, desk, ids) {
      desk.manner = "cut";
      await sendAll(system, ids);
      await pass(FAULT_MS);
      desk.manner = "answer";
    },
  },
  {
    name: "kill -9 after the answer",
    async run(system, desk, ids) {
      desk.manner = "hang";
      await sendAll(system, ids);
      await system.kill();
      desk.manner = "answer";
      await system.restart();
    },
  },
];

/** How many comments are lost and doubled when something goes wrong. */
export async function benchFaults(): Promise<Section> {
  const rows: string[][] = [];
  for (const system of [SYSTEMS.worker, nodeRed, probot]) {
    rows.push([system.name, ...(await tryAll(system))]);
  }
  const title = `Comments lost and doubled, of ${DELIVERIES} tickets each`;
  return { title, lines: table(["System", ...FAULTS.map(({ name }) => name)], rows) };
}

async function tryAll(system: System) {
  await using endings = new AsyncDisposableStack();
  const desk = await startDesk();
  endings.defer(async () => desk.close());
  const running = await system.start(desk.url);
  endings.defer(running.stop);
  const cells: string[] = [];
  for (const [index, fault] of FAULTS.entries()) {
    desk.forget();
    const ids = Array.from({ length: DELIVERIES }, (_, each) => String(1_000 * (index + 1) + each));
    await fault.run(running, desk, ids);
    const limit = performance.now() + SETTLE_MS;
    while (desk.comments.size < DELIVERIES && performance.now() < limit) await pass(100);
    // A second comment may still be on its way.
    await pass(FAULT_MS);
    const lost = ids.filter((id) => !desk.comments.has(id)).length;
    const doubled = ids.filter((id) => (desk.comments.get(id) ?? 0) > 1).length;
    cells.push(`${lost} lost, ${doubled} doubled`);
  }
  return cells;
}

import { setTimeout as delay } from "node:timers/promises";
import { sendAll } from "./send.ts";
import { startStubTicketSystem } from "./stub-ticket-system.ts";
import type { RunningSystem } from "./system.ts";
import type { Section } from "./table.ts";
import { signTicket, workerSystem } from "./worker.ts";

/** How many tickets arrive together. */
const TOGETHER = 500;
const WITHOUT_CODE = 50;
/** The ledger is idle when it has written nothing for this long. */
const REST_MS = 1_000;

/** Counts the rows that a ticket writes, from its delivery until it is done. */
export async function benchCost(): Promise<Section> {
  await using endings = new AsyncDisposableStack();
  const ticketSystem = await startStubTicketSystem();
  endings.defer(async () => ticketSystem.close());
  const system = workerSystem("counted", { main: "counted-ledger.ts", postsComments: true });
  const running = await system.start(ticketSystem.url);
  endings.defer(running.stop);

  const count = async (tickets: number, deliver: (number: number) => Promise<void>) => {
    const before = await rowsAtRest(running);
    await deliver(tickets);
    return ((await rowsAtRest(running)) - before) / tickets;
  };
  const ids = (prefix: string, tickets: number) =>
    Array.from({ length: tickets }, (_, index) => `${prefix}-${index}`);

  // Tables, the object's name and its first counters are written once.
  await sendAll(running, ["FIRST"]);
  const alone = await count(1, () => sendAll(running, ["ALONE"]));
  const together = await count(TOGETHER, (tickets) => sendAll(running, ids("TOGETHER", tickets)));
  const withoutCode = await count(WITHOUT_CODE, (tickets) =>
    sendAll(running, ids("NONE", tickets), (id) => signTicket(id, "The printer is on fire")),
  );
  const [a, b, c] = [alone, together, withoutCode].map((rows) => Number(rows.toFixed(1)));
  return {
    title: "Rows of the Durable Object",
    lines: [
      `rows written: alone ${a}, together ${b}, without a code ${c}`,
      "",
      `Together: ${TOGETHER} tickets, ${together.toFixed(2)} rows each. An alarm that is set counts as a row. To forget a ticket writes one row more.`,
    ],
  };
}

/** Waits until the ledger is idle. Returns how many rows were written. */
async function rowsAtRest({ origin }: RunningSystem): Promise<number> {
  const rows = async () => Number(Object(await (await fetch(`${origin}/rows`)).json()).rows);
  for (let before = -1, now = await rows(); ; now = await rows()) {
    if (now === before) return now;
    before = now;
    await delay(REST_MS);
  }
}

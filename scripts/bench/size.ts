import { load } from "./load.ts";
import { startStubTicketSystem } from "./stub-ticket-system.ts";
import type { RunningSystem } from "./system.ts";
import { type Section, table } from "./table.ts";
import { TOKEN, workerSystem } from "./worker.ts";

const TICKETS = 1_000_000;
/** How many tickets one request inserts. */
const TICKETS_PER_REQUEST = 50_000;
const LOAD_SECONDS = 4;
const LOOK_UPS = 2_000;

/**
 * Compares an empty ledger with one of a million tickets: time to accept and look up, disk space.
 */
export async function benchSize(): Promise<Section> {
  await using cleanUps = new AsyncDisposableStack();
  const ticketSystem = await startStubTicketSystem();
  cleanUps.defer(async () => ticketSystem.close());
  const system = workerSystem("filled", { main: "filled-ledger.ts", postsComments: true });
  const running = await system.start(ticketSystem.url);
  cleanUps.defer(running.stop);

  // The first load is a warm-up.
  await load(running, { connections: 1, seconds: LOAD_SECONDS, run: 1, ticketSystem });
  const empty = await load(running, {
    connections: 1,
    seconds: LOAD_SECONDS,
    run: 2,
    ticketSystem,
  });
  const lookUpEmpty = await lookUp(running, (index) => String(2_000_000 + index));
  const bytes = await fill(running);
  const full = await load(running, { connections: 1, seconds: LOAD_SECONDS, run: 3, ticketSystem });
  const lookUpFull = await lookUp(running, () => `OLD-${Math.floor(Math.random() * TICKETS)}`);
  const row = (what: string, before: number, after: number) => [
    what,
    `${before.toFixed(2)} ms`,
    `${after.toFixed(2)} ms`,
    (after / before).toFixed(2),
  ];
  return {
    title: `${TICKETS.toLocaleString("en")} tickets in the ledger`,
    lines: [
      ...table(
        ["What", "Near empty", "Filled", "Ratio"],
        [
          row("accept, p50", empty.answer.p50, full.answer.p50),
          row("look-up of one ticket, p50", lookUpEmpty, lookUpFull),
        ],
      ),
      "",
      `On disk: ${(bytes / 1024 / 1024).toFixed(0)} MiB, ${(bytes / TICKETS).toFixed(0)} bytes per ticket.`,
    ],
  };
}

/** Fills the ledger. Returns the size of its database, in bytes. */
async function fill({ origin }: RunningSystem): Promise<number> {
  let bytes = 0;
  for (let from = 0; from < TICKETS; from += TICKETS_PER_REQUEST) {
    const answer = await fetch(`${origin}/fill?from=${from}&count=${TICKETS_PER_REQUEST}`);
    ({ bytes } = Object(await answer.json()));
  }
  return bytes;
}

/** The median time of `GET /tickets/standard/ID`, in milliseconds. */
async function lookUp({ origin }: RunningSystem, idOf: (index: number) => string): Promise<number> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const times: number[] = [];
  for (let index = 0; index < LOOK_UPS; index++) {
    const start = performance.now();
    const answer = await fetch(`${origin}/tickets/standard/${idOf(index % 100)}`, { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[LOOK_UPS / 2] ?? Number.NaN;
}

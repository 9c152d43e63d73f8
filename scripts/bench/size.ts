import { startDesk } from "./desk.ts";
import { load } from "./load.ts";
import type { Running } from "./system.ts";
import { type Section, table } from "./table.ts";
import { TOKEN, workerSystem } from "./worker.ts";

const TICKETS = 1_000_000;
const STEP = 50_000;
const SECONDS = 4;
const LOOK_UPS = 2_000;

/** What a ledger of a million tickets costs: time for the next one, and room on the disk. */
export async function benchSize(): Promise<Section> {
  await using endings = new AsyncDisposableStack();
  const desk = await startDesk();
  endings.defer(async () => desk.close());
  const system = workerSystem("filled", { main: "filled-ledger.ts", comments: true });
  const running = await system.start(desk.url);
  endings.defer(running.stop);

  // The first load warms it up.
  await load(running, { connections: 1, seconds: SECONDS, run: 1, desk });
  const empty = await load(running, { connections: 1, seconds: SECONDS, run: 2, desk });
  const lookUpEmpty = await lookUp(running, (index) => String(2_000_000 + index));
  const bytes = await fill(running);
  const full = await load(running, { connections: 1, seconds: SECONDS, run: 3, desk });
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
      `On disk: ${(bytes / 1024 / 1024).toFixed(0)} MiB, ${(bytes / TICKETS).toFixed(0)} bytes a ticket.`,
    ],
  };
}

async function fill({ origin }: Running): Promise<number> {
  let bytes = 0;
  for (let from = 0; from < TICKETS; from += STEP) {
    const answer = await fetch(`${origin}/fill?from=${from}&count=${STEP}`);
    ({ bytes } = Object(await answer.json()));
  }
  return bytes;
}

/** The median time of asking for one ticket, in milliseconds. */
async function lookUp({ origin }: Running, idOf: (index: number) => string): Promise<number> {
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

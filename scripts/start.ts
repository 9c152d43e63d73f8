import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { LogLine } from "../src/log.ts";
import { SAMPLE, startDemo } from "./demo/demo.ts";
import type { DemoTicketSystem } from "./demo/ticket-system.ts";
import { parsePort, requireFreePort } from "./local-worker/port.ts";
import { runScript, type ScriptContext } from "./local-worker/process.ts";

const USAGE = `npm start -- --port N --desk-port N
  --port        the port of the Worker on 127.0.0.1; 0 takes any that is free (8787)
  --desk-port   the port of the practice ticket desk (8786)`;

const COMMENT_LIMIT_MS = 30_000;

async function start({ signal, stopped, onExit }: ScriptContext) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      "desk-port": { type: "string", default: "8786" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const port = parsePort(values.port, "--port");
  const deskPort = parsePort(values["desk-port"], "--desk-port");
  await requireFreePort(port, "--port");
  await requireFreePort(deskPort, "--desk-port");
  console.log("Starting the Worker and a practice ticket desk …");
  const ports = { worker: port, desk: deskPort };
  const demo = await startDemo(ports, printProblem, { signal, onExit });
  const { ticketSystem, worker, token } = demo;

  await showSample(ticketSystem, signal);
  console.log(`
Ticket desk  ${ticketSystem.url.origin}  (file tickets of your own here)
Console      ${worker.url.origin}/console  (sign in with the API token)
Worker       ${worker.url.origin}  (POST /webhooks/standard, /scan; GET /tickets, /catalog, /readyz)
API token    ${token}  (send it as: authorization: Bearer …)
Stop         Ctrl-C  (nothing is kept)`);
  await stopped;
  console.log("\nStopping …");
}

/** Files the sample ticket, waits for its comment, and prints both. */
async function showSample(ticketSystem: DemoTicketSystem, signal: AbortSignal) {
  const start = performance.now();
  const id = await ticketSystem.file(SAMPLE);
  const comment = await firstComment(ticketSystem, id, signal);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`
Ticket ${id}: ${SAMPLE.subject}

${indent(SAMPLE.body)}

Its comment, ${seconds} s later (${comment.visibility}):

${indent(comment.comment.text)}`);
}

async function firstComment(ticketSystem: DemoTicketSystem, id: string, signal: AbortSignal) {
  const end = performance.now() + COMMENT_LIMIT_MS;
  while (performance.now() < end) {
    const [comment] = ticketSystem.commentsOf(id);
    if (comment) return comment;
    await delay(50, undefined, { signal });
  }
  throw new Error(`The sample ticket got no comment in ${COMMENT_LIMIT_MS / 1000} s.`);
}

function indent(text: string) {
  return text.replace(/^(?=.)/gm, "  ");
}

const PROBLEMS: readonly LogLine["event"][] = [
  "circuit_breaker_opened",
  "delivery_rejected",
  "ledger_write_failed",
  "request_failed",
  "ticket_failed",
  "ticket_retry_scheduled",
];

/**
 * Prints a line of the Worker's log if it reports a problem. The page shows the other events. A
 * line that is not an event comes from the runtime, and is printed too.
 */
function printProblem(line: string) {
  const [, event] = /^\{"event":"(\w+)"/.exec(line) ?? [];
  if (event === undefined || PROBLEMS.some((each) => each === event)) {
    console.error(`Worker: ${line}`);
  }
}

await runScript(start);

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { parseArgs } from "node:util";
import { loadCatalog } from "./catalog/load.ts";
import { type PracticeDesk, startPracticeDesk } from "./demo/practice-desk.ts";
import { readPort, refuseTakenPort } from "./local-worker/port.ts";
import { type Program, runProgram } from "./local-worker/program.ts";
import { startWorker } from "./local-worker/runtime.ts";

const USAGE = `npm start -- --port N --desk-port N
  --port        the Worker's port on 127.0.0.1; 0 takes any that is free (8787)
  --desk-port   the practice desk's (8786)`;

const COMMENT_LIMIT_MS = 30_000;

/** The person and the company are invented, and say so. */
const SAMPLE = {
  subject: "PIN を設定できません",
  body: `見本商事（架空の会社）の例示花子（架空の人物）です。
新しいパソコンで Windows Hello の PIN を設定しようとすると、
「問題が発生しました」「エラー0x80090029」と表示され、先に進めません。
再起動しても変わりません。対処方法を教えてください。`,
  locale: null,
} as const;

async function start({ signal, stopped, onEnd }: Program) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      "desk-port": { type: "string", default: "8786" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const port = readPort(values.port, "--port");
  const deskPort = readPort(values["desk-port"], "--desk-port");
  await refuseTakenPort(port, "--port");
  const desk = await startPracticeDesk(deskPort);
  onEnd(desk.stop);
  console.log("Starting the Worker and a practice ticket desk …");

  const state = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  onEnd(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  const token = randomBytes(24).toString("base64url");
  const variables = { ...desk.variables, API_TOKENS: token };
  await loadCatalog(state, signal);
  const worker = await startWorker({ port, state, variables, onLog: showTrouble, signal });
  onEnd(worker.stop);
  desk.connect({ url: worker.url, token });

  await showSample(desk, signal);
  console.log(`
Ticket desk  ${desk.url.origin}  (file tickets of your own here)
Worker       ${worker.url.origin}  (POST /webhooks/standard, /scan; GET /tickets, /catalog, /readyz)
API token    ${token}  (send it as: authorization: Bearer …)
Stop         Ctrl-C  (nothing is kept)`);
  await stopped;
  console.log("\nStopping …");
}

async function showSample(desk: PracticeDesk, signal: AbortSignal) {
  const began = performance.now();
  const id = await desk.file(SAMPLE);
  const comment = await firstComment(desk, id, signal);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`
Ticket ${id}: ${SAMPLE.subject}

${indent(SAMPLE.body)}

Its comment, ${seconds} s later (${comment.visibility}):

${indent(comment.comment.text)}`);
}

async function firstComment(desk: PracticeDesk, id: string, signal: AbortSignal) {
  const end = performance.now() + COMMENT_LIMIT_MS;
  while (performance.now() < end) {
    const [comment] = desk.comments(id);
    if (comment) return comment;
    await pass(50, undefined, { signal });
  }
  throw new Error(`The sample ticket got no comment in ${COMMENT_LIMIT_MS / 1000} s.`);
}

function indent(text: string) {
  return text.replace(/^(?=.)/gm, "  ");
}

const TROUBLE =
  /"event":"(?:delivery_rejected|request_failed|ticket_failed|ticket_retry_scheduled|circuit_breaker_opened)"/;

/** The page shows the rest. What is no log line of ours is trouble too. */
function showTrouble(line: string) {
  if (!line.startsWith('{"event":') || TROUBLE.test(line)) console.error(`Worker: ${line}`);
}

await runProgram(start);

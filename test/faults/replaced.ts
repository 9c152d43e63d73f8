import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { startScript, temporaryFolder, until, untilGone } from "../scripts/child.ts";
import { SECRET, sendDelivery } from "./sender.ts";

const TICKET_ID = "REPLACED-1";
/** How long a late comment may take. */
const LATE_MS = 3_000;

/** How the fault went. */
export interface Replaced {
  /** How many comments the ticket system was sent. */
  readonly posts: number;
  /** What the process that was replaced made of its attempt. */
  readonly late: string;
}

/**
 * Replaces a ledger while it waits for a slow read. Its process is paused, a second one works on the
 * same state and posts the comment, then the first goes on with the answer that it had waited for.
 * What is counted are requests: the ticket system recognises no repeated comment.
 */
export async function runReplaced(): Promise<Replaced> {
  await using endings = new AsyncDisposableStack();
  const folder = await temporaryFolder();
  endings.defer(folder.remove);
  const desk = await startDesk();
  endings.defer(async () => desk.close());
  const vars = join(folder.path, "vars");
  const variables = {
    API_TOKENS: "test-token-of-the-fault-runs",
    STANDARD_SECRETS: SECRET,
    STANDARD_TICKET_URL: `${desk.url}/tickets/{id}`,
    STANDARD_COMMENT_URL: `${desk.url}/tickets/{id}/comments`,
  };
  await writeFile(
    vars,
    Object.entries(variables)
      .map((each) => `${each.join("=")}\n`)
      .join(""),
  );
  const serve = async () => {
    const options = ["--port", "0", "--state", join(folder.path, "state"), "--vars", vars];
    const child = startScript("serve.ts", options, { temporary: folder.path });
    const url = await child.until(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
    endings.defer(async () => {
      const family = child.family();
      process.kill(child.pid, "SIGTERM");
      await untilGone(family);
    });
    return { child, url };
  };
  const first = await serve();
  const second = await serve();

  const deliver = (url: string) => {
    const ticket = { id: TICKET_ID, subject: "PIN", body: null };
    return sendDelivery(`${url}/webhooks/standard`, "msg_replaced", ticket);
  };

  await deliver(first.url);
  await until(() => desk.reads[0]);
  first.child.signalGroup("SIGSTOP");
  // The successor finds what is due.
  await deliver(second.url);
  await until(() => desk.reads[1]);
  desk.answer(1);
  await until(() => (desk.posts > 0 ? true : undefined));
  desk.answer(0);
  first.child.signalGroup("SIGCONT");
  const late = await first.child.until(
    /"event":"(attempt_superseded|ticket_done|ticket_waits|ticket_failed|ledger_stuck)"/,
  );
  await pass(LATE_MS);
  return { posts: desk.posts, late };
}

/** A ticket system whose reads hang until they are answered by hand. */
async function startDesk() {
  const reads: ServerResponse[] = [];
  let posts = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (request.method === "GET") return void reads.push(response);
      posts++;
      response.writeHead(201, { "content-type": "application/json" }).end('{"id":1}');
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  return {
    url: `http://127.0.0.1:${port}`,
    reads,
    get posts() {
      return posts;
    },
    answer(index: number) {
      const ticket = { id: TICKET_ID, subject: "PIN", body: "Error 0x80090029", locale: "en" };
      reads[index]
        ?.writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ ticket }));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startScript, temporaryFolder, until, untilGone } from "../scripts/child.ts";
import { SECRET, sendDelivery } from "./sender.ts";

const TICKET_ID = "REPLACED-1";
/** How long to wait for a late comment. */
const LATE_MS = 3_000;

/** The result of the fault. */
export interface Replaced {
  /** How many comments the ticket system got. */
  readonly posts: number;
  /** The log event with which the replaced process ended its attempt. */
  readonly late: string;
}

/**
 * Replaces a ledger while it waits for a slow read. Its process is paused. A second process with
 * the same state posts the comment. Then the first one goes on with the answer that it waited for.
 * All requests count: the ticket system does not recognise a repeated comment.
 */
export async function runReplaced(): Promise<Replaced> {
  await using cleanUps = new AsyncDisposableStack();
  const folder = await temporaryFolder();
  cleanUps.defer(folder.remove);
  const ticketSystem = await startSlowTicketSystem();
  cleanUps.defer(async () => ticketSystem.close());
  const vars = join(folder.path, "vars");
  const variables = {
    API_TOKENS: "test-token-of-the-fault-runs",
    STANDARD_SECRETS: SECRET,
    STANDARD_TICKET_URL: `${ticketSystem.url}/tickets/{id}`,
    STANDARD_COMMENT_URL: `${ticketSystem.url}/tickets/{id}/comments`,
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
    cleanUps.defer(async () => {
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
  await until(() => ticketSystem.reads[0]);
  first.child.signalGroup("SIGSTOP");
  // The second process takes the ticket over.
  await deliver(second.url);
  await until(() => ticketSystem.reads[1]);
  ticketSystem.answer(1);
  await until(() => (ticketSystem.posts > 0 ? true : undefined));
  ticketSystem.answer(0);
  first.child.signalGroup("SIGCONT");
  const late = await first.child.until(
    /"event":"(attempt_superseded|ticket_done|ticket_retry_scheduled|ticket_failed|ledger_write_failed)"/,
  );
  await delay(LATE_MS);
  return { posts: ticketSystem.posts, late };
}

/** A ticket system whose reads wait until `answer` is called. */
async function startSlowTicketSystem() {
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

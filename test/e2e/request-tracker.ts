import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "./process.ts";
import { startProxy } from "./proxy.ts";
import { install, startRequestTracker } from "./rt-server.ts";
import type { Suite } from "./suite.ts";
import { prepareWorker } from "./worker.ts";

const NAME = "request-tracker";
const FLAG_FIELD = "Contact Microsoft";
const SERVICE_USER = "hresult-comments";
/** A word in the text of tickets. Logs must not contain it. */
const CANARY = "canary-4d1f";
/**
 * How long filing a ticket may take while the Worker does not answer. The scrip gives up after three
 * seconds; the rest is for a slow machine. Without its limit RT would wait for minutes.
 */
const FILING_LIMIT_MS = 20_000;
const KILL_LIMIT_MS = 10_000;

const JAPANESE = {
  Subject: `PIN を設定できません ${CANARY}`,
  Content: "サインインで 0x80090029 と表示されます。",
  ContentType: "text/plain",
};

/** A mail as Japanese mail programs write it, with a binary attachment. */
const MAIL = `From: user@example.com
To: rt@example.com
Subject: =?iso-2022-jp?b?UElOIBskQiRyQF9EaiRHJC0kXiQ7JHMbKEI=?= ${CANARY}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: base64

GyRCJSglaSE8GyhCIDB4ODAwOTAwMjkgGyRCJCw9UCReJDkhIxsoQgo=
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>=E3=82=A8=E3=83=A9=E3=83=BC <b>0x80090029</b></p>
--inner--
--outer
Content-Type: application/octet-stream; name=log.bin
Content-Disposition: attachment; filename=log.bin
Content-Transfer-Encoding: base64

AAECA/////4A
--outer--
`;

/** Request Tracker 5 from Debian's packages, with the scrip of docs/connect. */
export const requestTracker: Suite = async (check, onEnd) => {
  await install();
  const folder = await mkdtemp(join(tmpdir(), "hresult-e2e-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const each of ["rt", "worker"]) await mkdir(join(folder, each));

  const [rtPort, workerPort] = [await freePort(), await freePort()];
  const worker = prepareWorker(join(folder, "worker"), workerPort, crypto.randomUUID());
  onEnd(() => worker.stop("SIGTERM"));
  const rt = await startRequestTracker(join(folder, "rt"), rtPort, worker.url, FLAG_FIELD);
  onEnd(rt.stop);
  const proxy = await startProxy(rtPort);
  onEnd(proxy.close);
  const variables = {
    ...rt.variables,
    REQUEST_TRACKER_URL: proxy.url,
    FOLLOW_UPS: "on",
    // The catalog knows none of the invented codes, and the texts show no situation.
    UNLISTED_CODES: "contact-microsoft",
  };
  const secret = rt.variables.REQUEST_TRACKER_SECRETS ?? "";
  await worker.start(variables);

  const done = (id: string) => worker.untilRecord(NAME, id, ({ state }) => state === "done");
  const comments = async (id: string) =>
    (await rt.transactions(id)).filter(({ type }) => type === "Comment");
  const oneComment = async (id: string) => {
    const [comment, ...others] = await comments(id);
    assert.ok(comment, "there is a comment");
    assert.equal(others.length, 0, "there is only one");
    assert.equal(comment.creator, SERVICE_USER);
    return comment;
  };
  const retrigger = async (id: string, body = "{}") => {
    const path = `/tickets/${NAME}/${id}/enrich`;
    const { status } = await worker.request(path, { method: "POST", body });
    assert.equal(status, 202);
  };
  const payload = (id: string, body: string) => ({
    type: "ticket.created",
    timestamp: new Date().toISOString(),
    data: { ticket: { id, subject: "", body, format: "text" } },
  });
  const timed = async <T>(run: () => Promise<T>) => {
    const start = performance.now();
    const value = await run();
    const ms = performance.now() - start;
    assert.ok(ms < FILING_LIMIT_MS, `filing took ${Math.round(ms)} ms`);
    return value;
  };

  let first = "";
  await check("a Japanese ticket gets one internal comment, in Japanese", async () => {
    first = await rt.file({ ...JAPANESE, Requestor: "user@example.com" });
    const record = await done(first);
    const comment = await oneComment(first);
    assert.match(comment.text, /0x80090029/);
    assert.match(comment.text, /[\u3041-\u3096]/, "in Japanese");
    assert.equal(record.commentId, comment.id);
    assert.equal(await rt.field(first, FLAG_FIELD), "no");
  });

  await check(
    "the requestor gets the automatic reply of RT, and no mail about the comment",
    async () => {
      assert.deepEqual(await rt.mailedTo(first), ["To: user@example.com"]);
    },
  );

  await check("the page of the ticket does not show the marker of the comment", async () => {
    const { text } = await oneComment(first);
    const marker = text.match(/^<!-- (hresult-[0-9a-f]+) -->\n/)?.[1];
    const headline = text.match(/<b>([^<]+)<\/b>/)?.[1];
    assert.ok(marker && headline);
    const page = await rt.page(`Ticket/History.html?id=${first}`);
    assert.ok(page.includes(headline), "the comment is there");
    assert.ok(!page.includes(marker));
  });

  await check("the same delivery sent again is a duplicate and adds no comment", async () => {
    const [create] = await rt.transactions(first);
    const id = `rt-transaction-${create?.id}`;
    const answer = await worker.deliver(NAME, secret, id, payload(first, "0x80090029"));
    assert.deepEqual(answer, { status: "duplicate", ticketId: first });
    await oneComment(first);
  });

  await check("a mail in ISO-2022-JP gets a comment in Japanese", async () => {
    await rt.mail(MAIL);
    const id = await rt.newest();
    await done(id);
    const comment = await oneComment(id);
    assert.match(comment.text, /0x80090029/);
    assert.match(comment.text, /[\u3041-\u3096]/);
    assert.deepEqual(await rt.mailedTo(id), ["To: user@example.com"]);
  });

  await check(
    "a ticket in HTML is read as HTML, and its comment is in the language of the requestor",
    async () => {
      const Content = "<p>Sign-in fails: <b>0x8009</b><i>0029</i></p>";
      const ticket = { Subject: "Sign-in", Content, ContentType: "text/html" };
      const id = await rt.file({ ...ticket, Requestor: "sprecher@example.com" });
      const { codes, locale } = await done(id);
      assert.deepEqual([codes, locale], [["0x80090029"], "ja"]);
      assert.match((await oneComment(id)).text, /[\u3041-\u3096]/);
    },
  );

  await check(
    "for a code outside the catalog, comment and custom field say contact Microsoft",
    async () => {
      const Content = `The PIN setup stops with 0x80A3FFF1. ${CANARY}`;
      const id = await rt.file({ Subject: "Help", Content, ContentType: "text/plain" });
      const { contactMicrosoft } = await done(id);
      assert.equal(contactMicrosoft, true);
      const { text } = await oneComment(id);
      assert.match(text, /0x80A3FFF1/);
      assert.match(text, /contact Microsoft/i);
      assert.equal(await rt.field(id, FLAG_FIELD), "yes");
    },
  );

  await check("a ticket without a code gets no comment", async () => {
    const id = await rt.file({
      Subject: "Mouse",
      Content: "It is broken.",
      ContentType: "text/plain",
    });
    assert.equal((await done(id)).outcome, "no_code");
    assert.deepEqual(await comments(id), []);
  });

  await check("the Worker reads a text that is too long for a delivery from RT", async () => {
    const Content = `${"長い".repeat(200_000)}\n0x80090029`;
    const id = await rt.file({ Subject: "長い文", Content, ContentType: "text/plain" });
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    await oneComment(id);
  });

  await check("a code in an attached file is found, and the comment names the file", async () => {
    const text = "\ufeffKeySignTest : FAIL 0x80090029\r\n";
    const FileContent = Buffer.from(text, "utf16le").toString("base64");
    const file = { FileName: "dsregcmd status.txt", FileType: "text/plain", FileContent };
    const picture = { ...file, FileName: "a.png", FileType: "image/png" };
    const id = await rt.file({
      Subject: "PIN",
      Content: "ログを添付します。",
      ContentType: "text/plain",
      Attachments: [file, picture],
    });
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    assert.match((await oneComment(id)).text, /dsregcmdstatus\.txt/);
  });

  await check(
    "a ticket of the service user is not delivered; two deliveries at once lead to one comment",
    async () => {
      const id = await rt.file(JAPANESE, `token ${rt.variables.REQUEST_TRACKER_TOKEN}`);
      assert.equal(await worker.record(NAME, id), null);
      const deliver = (name: string) =>
        worker.deliver(NAME, secret, name, payload(id, "0x80090029"));
      const answers = await Promise.all([deliver("one"), deliver("two")]);
      assert.deepEqual(answers, Array(2).fill({ status: "accepted", ticketId: id }));
      await done(id);
      await oneComment(id);
    },
  );

  await check("after kill -9 between the comment and its record there is one comment", async () => {
    let killed = false;
    proxy.onAnswer = async (method, path) => {
      if (method !== "POST" || !path.endsWith("/comment")) return;
      proxy.onAnswer = async () => {};
      await worker.stop("SIGKILL");
      killed = true;
    };
    const id = await rt.file(JAPANESE);
    await until("the Worker is killed", KILL_LIMIT_MS, async () => killed || undefined);
    const { id: comment } = await oneComment(id);
    await worker.start(variables);
    assert.equal((await done(id)).commentId, comment);
    await oneComment(id);
  });

  await worker.stop("SIGTERM");
  const missed: string[] = [];

  await check("filing a ticket takes no longer while the Worker is down", async () => {
    missed.push(await timed(() => rt.file(JAPANESE)));
  });

  await check(
    "filing a mail takes no longer while the Worker accepts connections and never answers",
    async () => {
      const silent = createServer().listen(workerPort, "127.0.0.1");
      await once(silent, "listening");
      const sockets: { destroy(): void }[] = [];
      silent.on("connection", (socket) => sockets.push(socket.on("error", () => {})));
      try {
        await timed(() => rt.mail(MAIL));
        missed.push(await rt.newest());
      } finally {
        for (const socket of sockets) socket.destroy();
        silent.close();
      }
      for (const id of missed) {
        assert.ok(rt.log().includes(`HRESULT comments: ticket ${id} was not sent: no answer`));
      }
    },
  );

  await worker.start(variables);

  await check("a re-trigger of each of these tickets posts its comment", async () => {
    assert.equal(missed.length, 2);
    for (const id of missed) {
      assert.deepEqual(await comments(id), []);
      await retrigger(id);
    }
    for (const id of missed) {
      assert.deepEqual((await done(id)).codes, ["0x80090029"]);
      assert.match((await oneComment(id)).text, /[\u3041-\u3096]/);
    }
  });

  await check("a re-trigger changes nothing; with force it posts a second comment", async () => {
    const outcome = (wanted: string) =>
      worker.untilRecord(NAME, first, (each) => each.state === "done" && each.outcome === wanted);
    await retrigger(first);
    await outcome("unchanged");
    await oneComment(first);
    await retrigger(first, '{"force":true}');
    await outcome("posted");
    assert.equal((await comments(first)).length, 2);
  });

  await check("a re-trigger of a ticket that does not exist or was deleted fails", async () => {
    const deleted = await rt.file({ Subject: "Mouse", Content: "x", ContentType: "text/plain" });
    await done(deleted);
    await rt.put(`ticket/${deleted}`, { Status: "deleted" });
    const failures = { 4711: "ticket_system_not_found", [deleted]: "ticket_system_refused" };
    for (const [id, failure] of Object.entries(failures)) {
      await retrigger(id);
      const { lastFailure } = await worker.untilRecord(NAME, id, ({ state }) => state === "failed");
      assert.equal(lastFailure, failure);
    }
  });

  await check("a ticket that RT shows a moment after its webhook gets its comment", async () => {
    let hidden = 0;
    proxy.answerInstead = (method, path) => {
      if (method !== "GET" || !/\/ticket\/\d+$/.test(path) || hidden === 2) return null;
      hidden++;
      return 404;
    };
    const id = await rt.file(JAPANESE, `token ${rt.variables.REQUEST_TRACKER_TOKEN}`);
    const thin = { type: "ticket.created", data: { ticket: { id } } };
    await worker.deliver(NAME, secret, "early", thin);
    await done(id);
    proxy.answerInstead = () => null;
    assert.equal(hidden, 2);
    await oneComment(id);
  });

  await check(
    "a further message of the requestor brings the code, and the comment follows",
    async () => {
      const Requestor = "user@example.com";
      const ticket = { Subject: "Sign-in", Content: "It fails.", ContentType: "text/plain" };
      const id = await rt.file({ ...ticket, Requestor });
      assert.equal((await done(id)).outcome, "no_code");
      await rt.mail(
        `From: ${Requestor}\nTo: rt@example.com\nSubject: Re: [example.com #${id}] Sign-in\n\nIt says 0x80090029.\n`,
      );
      const replied = { type: "ticket.replied", data: { ticket: { id } } };
      const answer = await worker.deliver(NAME, secret, "reply", replied);
      assert.deepEqual(answer, { status: "accepted", ticketId: id });
      await worker.untilRecord(NAME, id, ({ outcome }) => outcome === "posted");
      await oneComment(id);
    },
  );

  await check("a delivery of a ticket that RT does not show yet waits", async () => {
    await worker.deliver(NAME, secret, "missing", payload("4712", "0x80090029"));
    const { state } = await worker.untilRecord(
      NAME,
      "4712",
      ({ lastFailure }) => lastFailure === "ticket_system_not_found",
    );
    assert.equal(state, "waiting");
  });

  await check(
    "a ticket waits while the service user lacks a right, and is done when it has it again",
    async () => {
      await rt.perl(changeRight("RevokeRight"));
      const id = await rt.file(JAPANESE);
      const denied = await worker.untilRecord(NAME, id, ({ lastFailure }) => lastFailure !== null);
      assert.deepEqual([denied.state, denied.lastFailure], ["waiting", "ticket_system_denied"]);
      await rt.perl(changeRight("GrantRight"));
      await done(id);
      await oneComment(id);
    },
  );

  await worker.stop("SIGTERM");
  await worker.deleteState();
  await worker.start({ ...variables, REQUEST_TRACKER_TOKEN: "1-1-0" });
  const [known = ""] = missed;

  await check(
    "with a wrong token the ticket waits, and /readyz says that the circuit breaker is open",
    async () => {
      await retrigger(known);
      await worker.untilRecord(
        NAME,
        known,
        ({ lastFailure }) => lastFailure === "ticket_system_denied",
      );
      // /readyz repeats an answer for ten seconds.
      await until("/readyz reports the circuit breaker", 30_000, async () => {
        const { status, body } = await worker.request("/readyz");
        const isReported = /circuit breaker is open: ticket_system_denied/.test(
          JSON.stringify(body),
        );
        return status === 503 && isReported ? true : undefined;
      });
    },
  );

  await worker.stop("SIGTERM");
  await worker.start(variables);

  await check(
    "with the right token the ticket is done; the new ledger finds the comment of the deleted one",
    async () => {
      const { id } = await oneComment(known);
      assert.equal((await done(known)).commentId, id);
      await oneComment(known);
    },
  );

  await worker.stop("SIGTERM");
  await worker.start({ ...variables, COMMENT_VISIBILITY: "public" });

  await check(
    "set up again with --public, the token stays valid and the requestor gets a mail",
    async () => {
      assert.match(await rt.setUp("--public"), /REQUEST_TRACKER_TOKEN=\(as before/);
      const id = await rt.file({ ...JAPANESE, Requestor: "user@example.com" });
      const { commentId } = await done(id);
      const replies = (await rt.transactions(id)).filter(({ type }) => type === "Correspond");
      assert.deepEqual(
        replies.map((each) => [each.id, each.creator]),
        [[commentId, SERVICE_USER]],
      );
      assert.deepEqual(await comments(id), []);
      assert.equal((await rt.mailedTo(id)).length, 2);
    },
  );

  await check("the logs contain no text of a ticket", async () => {
    await worker.stop("SIGTERM");
    assert.match(worker.log(), /ticket_done/);
    assert.ok(!worker.log().includes(CANARY), "of the Worker");
    const ours = rt
      .log()
      .split("\n")
      .filter((line) => line.includes("HRESULT comments"));
    assert.ok(!ours.join().includes(CANARY), "of RT");
  });
};

/** Perl that grants or revokes the right to comment. */
function changeRight(change: "GrantRight" | "RevokeRight") {
  return `
my $queue = RT::Queue->new($system);
$queue->Load('General');
my $group = RT::Group->new($system);
$group->LoadUserDefinedGroup('HRESULT comments');
$group->PrincipalObj->${change}( Right => 'CommentOnTicket', Object => $queue );
`;
}

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openChromium } from "./chromium.ts";
import { freePort, until } from "./process.ts";
import { startProxy } from "./proxy.ts";
import { install, RIGHTS, startRedmine } from "./redmine-server.ts";
import type { Suite } from "./suite.ts";
import { prepareWorker } from "./worker.ts";

const NAME = "redmine";
const SERVICE_USER = "HRESULT comments";
const REQUESTER = "misaki@example.com";
/** A word in the text of tickets. The log must not contain it. */
const CANARY = "canary-7c2e";
const KILL_LIMIT_MS = 10_000;
/** The Worker polls every second. */
const POLL_LIMIT_MS = 10_000;

const JAPANESE = {
  subject: `PIN を設定できません ${CANARY}`,
  description: "サインインで 0x80090029 と表示されます。",
};

/** A mail as Japanese mail programs write it. */
const MAIL = `From: ${REQUESTER}
To: redmine@example.com
Subject: =?iso-2022-jp?b?UElOIBskQiRyQF9EaiRHJC0kXiQ7JHMbKEI=?= ${CANARY}
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: base64

GyRCJSglaSE8GyhCIDB4ODAwOTAwMjkgGyRCJCw9UCReJDkhIxsoQgo=
`;

/** A mail with a log, as a person sends it who was asked for one. */
const MAIL_WITH_FILE = `From: ${REQUESTER}
To: redmine@example.com
Subject: PIN
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: text/plain; charset=utf-8

The log is attached.
--outer
Content-Type: text/plain; name=dsregcmd.log
Content-Disposition: attachment; filename=dsregcmd.log
Content-Transfer-Encoding: base64

${btoa("Server error: 0x801C03ED\r\n")}
--outer--
`;

/** Redmine 5 from Debian's packages. The Worker polls it, and takes deliveries as others send them. */
export const redmine: Suite = async (check, onEnd) => {
  await install();
  const folder = await mkdtemp(join(tmpdir(), "hresult-e2e-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const each of ["redmine", "worker"]) await mkdir(join(folder, each));

  const [redminePort, workerPort] = [await freePort(), await freePort()];
  const ticketSystem = await startRedmine(
    join(folder, "redmine"),
    redminePort,
    "Contact Microsoft",
  );
  onEnd(() => ticketSystem.stop("SIGTERM"));
  const token = crypto.randomUUID();
  const worker = prepareWorker(join(folder, "worker"), workerPort, token);
  onEnd(() => worker.stop("SIGTERM"));
  const proxy = await startProxy(redminePort);
  onEnd(proxy.close);
  const variables = {
    REDMINE_URL: proxy.url,
    REDMINE_TOKEN: ticketSystem.serviceKey,
    REDMINE_SECRETS: "secret-of-the-test-0123456789",
    REDMINE_POLL: "on",
    REDMINE_FLAG_FIELD: ticketSystem.fieldId,
    // The catalog knows none of the invented codes, and the texts show no situation.
    UNLISTED_CODES: "contact-microsoft",
  };
  const older = await ticketSystem.file(JAPANESE);
  await worker.start(variables);
  await until("the first poll is over", POLL_LIMIT_MS, async () =>
    proxy.requests.some((each) => each.includes("sort=id:desc")) ? true : undefined,
  );

  const untilKnown = (id: string) =>
    until(`the Worker knows issue ${id}`, POLL_LIMIT_MS, async () => {
      return (await worker.record(NAME, id)) ?? undefined;
    });
  const done = async (id: string) => {
    await untilKnown(id);
    return worker.untilRecord(NAME, id, ({ state }) => state === "done");
  };
  const notes = async (id: string) =>
    (await ticketSystem.journals(id)).filter((each) => each.notes !== "");
  const oneNote = async (id: string) => {
    const [note, ...others] = (await notes(id)).filter(({ author }) => author === SERVICE_USER);
    assert.ok(note, "there is a note");
    assert.equal(others.length, 0, "there is only one");
    assert.equal(note.private, true, "it is private");
    return note;
  };
  const retrigger = async (id: string, body = "{}") => {
    const path = `/tickets/${NAME}/${id}/enrich`;
    assert.equal((await worker.request(path, { method: "POST", body })).status, 202);
    return worker.untilRecord(NAME, id, ({ state }) => state === "done");
  };

  await check("the set-up check finds nothing missing", async () => {
    const printed = await worker.checkSetUp(NAME);
    assert.deepEqual(printed.trim().split("\n"), [
      "ok  settings",
      "ok  ticket system",
      "ok  Worker",
    ]);
  });

  let first = "";
  await check("a Japanese issue gets one private note, in Japanese", async () => {
    first = await ticketSystem.file(JAPANESE);
    const record = await done(first);
    const note = await oneNote(first);
    assert.equal(record.commentId, note.id);
    assert.match(note.notes, /@0x80090029@/);
    assert.match(note.notes, /[\u3041-\u3096]/, "in Japanese");
  });

  await check("the requester gets no mail about the note", async () => {
    const other = await ticketSystem.file({ subject: "Mouse", description: "It is broken." });
    await done(other);
    const mails = async (id: string) =>
      (await ticketSystem.mailedTo(id)).filter((each) => each === REQUESTER).length;
    assert.equal(await mails(first), await mails(other));
  });

  await check("Redmine renders the lists of the note, and the marker is hidden", async () => {
    for (const markup of ["textile", "common_mark"]) {
      await ticketSystem.set("text_formatting", markup);
      await worker.stop("SIGTERM");
      const REDMINE_MARKUP = markup === "textile" ? "textile" : "markdown";
      await worker.start({ ...variables, REDMINE_MARKUP });
      const id = await ticketSystem.file({
        subject: "PIN",
        description: "Windows Hello PIN setup fails: 0x80090029 0x801C03ED",
      });
      await done(id);
      const page = await ticketSystem.page(`issues/${id}`);
      const [shown = ""] = /<div id="journal-\d+-notes"[\s\S]*?<\/div>/.exec(page) ?? [];
      assert.match(shown, /<code>0x80090029<\/code>/);
      assert.match(shown, /<ol>[\s\S]*<ul>|<ul>[\s\S]*<ol>/);
      assert.match(shown, /<a href="https:\/\/learn\.microsoft\.com/);
      assert.doesNotMatch(
        shown.replaceAll(/<!--[\s\S]*?-->/g, ""),
        /hresult-|&amp;#|\*\*|\\|\[\/\/\]/,
      );
    }
    await ticketSystem.set("text_formatting", "textile");
    await worker.stop("SIGTERM");
    await worker.start(variables);
  });

  await check("an issue filed by mail gets its note", async () => {
    await ticketSystem.mail(MAIL);
    const id = await ticketSystem.newest();
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    assert.match((await oneNote(id)).notes, /[\u3041-\u3096]/);
  });

  await check(
    "a code in a file that hangs on a mail is found, and the note says where",
    async () => {
      await ticketSystem.mail(MAIL_WITH_FILE);
      const id = await ticketSystem.newest();
      assert.deepEqual((await done(id)).codes, ["0x801C03ED"]);
      assert.match((await oneNote(id)).notes, /dsregcmd\.log/);
    },
  );

  await check(
    "an issue that Redmine does not show at first gets its note a little later",
    async () => {
      let hidden = 0;
      proxy.answerInstead = (method, path) => {
        if (method !== "GET" || !/^\/issues\/\d+\.json/.test(path) || hidden === 2) return null;
        hidden++;
        return 404;
      };
      const id = await ticketSystem.file(JAPANESE);
      await done(id);
      proxy.answerInstead = () => null;
      assert.equal(hidden, 2);
      await oneNote(id);
    },
  );

  await check("a field that Redmine refuses is left out, and the log says so", async () => {
    let refused = false;
    proxy.answerInstead = (method) => {
      if (method !== "PUT" || refused) return null;
      refused = true;
      return 422;
    };
    const id = await ticketSystem.file(JAPANESE);
    await done(id);
    proxy.answerInstead = () => null;
    await oneNote(id);
    assert.equal(await ticketSystem.field(id), null);
    assert.match(worker.log(), /"labels_skipped"/);
  });

  await check("a code in an attached file is found, and the note says where", async () => {
    const content = "KeySignTest : FAIL 0x80090029\r\n";
    const file = { name: "dsregcmd status.txt", type: "text/plain", content };
    const id = await ticketSystem.file({ subject: "PIN", description: "ログを添付します。" }, [
      file,
    ]);
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    assert.match((await oneNote(id)).notes, /dsregcmdstatus\.txt/);
  });

  await check(
    "for a code outside the catalog, note and custom field say contact Microsoft",
    async () => {
      const id = await ticketSystem.file({
        subject: "Help",
        description: `The PIN setup stops with 0x80A3FFF1. ${CANARY}`,
      });
      assert.equal((await done(id)).contactMicrosoft, true);
      assert.match((await oneNote(id)).notes, /contact Microsoft/i);
      assert.equal(await ticketSystem.field(id), "yes");
    },
  );

  await check(
    "an issue without a code gets no note, nor does an issue from before the first poll",
    async () => {
      const id = await ticketSystem.file({ subject: "Mouse", description: "It is broken." });
      assert.equal((await done(id)).outcome, "no_code");
      assert.deepEqual(await notes(id), []);
      assert.equal(await worker.record(NAME, older), null);
      assert.deepEqual(await notes(older), []);
    },
  );

  await check(
    "a re-trigger edits the note if the issue has changed, and else changes nothing",
    async () => {
      const before = await oneNote(first);
      assert.equal((await retrigger(first)).outcome, "unchanged");
      await ticketSystem.write(first, "再起動後は 0x801C03ED でした。");
      const record = await retrigger(first);
      assert.deepEqual([record.outcome, record.commentId], ["updated", before.id]);
      const after = await oneNote(first);
      assert.equal(after.id, before.id);
      assert.match(after.notes, /0x80090029[\s\S]*0x801C03ED|0x801C03ED[\s\S]*0x80090029/);
    },
  );

  await check("a re-trigger in the console edits the note that Redmine shows", async () => {
    const id = await ticketSystem.file(JAPANESE);
    await done(id);
    const before = await oneNote(id);
    await ticketSystem.write(id, "再起動後は 0x801C0451 でした。");
    await using browser = await openChromium();
    const page = await browser.newPage({ baseURL: worker.url, locale: "en-US" });
    await page.goto(`/console/tickets/${NAME}/${id}`);
    await page.getByLabel("Password or API token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("comment posted").waitFor();
    await page.getByRole("button", { name: "Re-trigger" }).click();
    await worker.untilRecord(NAME, id, ({ outcome }) => outcome === "updated");
    await page.reload();
    await page.getByText("comment updated").waitFor();
    await page.locator(".comment").getByText("0x801C0451").first().waitFor();
    const after = await oneNote(id);
    assert.equal(after.id, before.id);
    assert.match(after.notes, /0x801C0451/);
    const shown = await ticketSystem.page(`/issues/${id}`);
    assert.match(shown, new RegExp(`id="journal-${after.id}-notes"[^]*0x801C0451`));
  });

  await check("a re-trigger with force posts a second note", async () => {
    assert.equal((await retrigger(first, '{"force":true}')).outcome, "posted");
    const own = (await notes(first)).filter(({ author }) => author === SERVICE_USER);
    assert.deepEqual(
      own.map((each) => each.private),
      [true, true],
    );
  });

  await check("after kill -9 between the note and its record there is one note", async () => {
    let killed = false;
    let puts = 0;
    proxy.onAnswer = async (method, path) => {
      if (method !== "PUT" || !path.startsWith("/issues/")) return;
      // The first PUT sets the field, the second adds the note.
      puts++;
      if (puts < 2) return;
      proxy.onAnswer = async () => {};
      await worker.stop("SIGKILL");
      killed = true;
    };
    const id = await ticketSystem.file(JAPANESE);
    await until("the Worker is killed", KILL_LIMIT_MS, async () => killed || undefined);
    const { id: note } = await oneNote(id);
    await worker.start(variables);
    assert.equal((await done(id)).commentId, note);
    await oneNote(id);
  });

  await check(
    "issues that were filed while the Worker was down get their notes later",
    async () => {
      await worker.stop("SIGTERM");
      const missed = [await ticketSystem.file(JAPANESE), await ticketSystem.file(JAPANESE)];
      await ticketSystem.mail(MAIL);
      missed.push(await ticketSystem.newest());
      await worker.start(variables);
      for (const id of missed) {
        await done(id);
        await oneNote(id);
      }
    },
  );

  await check("after a crash of Redmine each issue has one note", async () => {
    let isRead = false;
    proxy.onAnswer = async (_, path) => {
      isRead ||= path.includes("/issues/");
      // Polling requests the memberships, too.
      if (!isRead || !path.includes("memberships")) return;
      proxy.onAnswer = async () => {};
      await ticketSystem.stop("SIGKILL");
    };
    const id = await ticketSystem.file(JAPANESE);
    await worker.untilRecord(NAME, id, ({ lastFailure }) => lastFailure !== null);
    await ticketSystem.start();
    const another = await ticketSystem.file(JAPANESE);
    for (const each of [id, another]) {
      await done(each);
      await oneNote(each);
    }
  });

  await check(
    "no note is posted while the service user lacks the right to hide notes",
    async () => {
      await ticketSystem.permit(RIGHTS.filter((each) => each !== "set_notes_private"));
      const id = await ticketSystem.file(JAPANESE);
      await untilKnown(id);
      await worker.untilRecord(
        NAME,
        id,
        ({ lastFailure }) => lastFailure === "ticket_system_denied",
      );
      assert.deepEqual(await notes(id), []);
      assert.match(await worker.checkSetUp(NAME), /^no {2}ticket system: .*set_notes_private/m);
      await ticketSystem.permit(RIGHTS);
      await done(id);
      await oneNote(id);
    },
  );

  await check("a re-trigger of an issue that does not exist fails", async () => {
    const path = `/tickets/${NAME}/99999/enrich`;
    await worker.request(path, { method: "POST" });
    const { lastFailure } = await worker.untilRecord(
      NAME,
      "99999",
      ({ state }) => state === "failed",
    );
    assert.equal(lastFailure, "ticket_system_not_found");
  });

  const ADDRESS_TOKEN = "token-in-the-address-0123";
  await worker.stop("SIGTERM");
  await worker.start({
    ...variables,
    REDMINE_POLL: "off",
    REDMINE_ADDRESS_SECRETS: ADDRESS_TOKEN,
    FOLLOW_UPS: "on",
  });
  const send = async (payload: object, way: { token?: string; signed?: boolean }) => {
    const body = JSON.stringify(payload);
    const mac = createHmac("sha256", variables.REDMINE_SECRETS).update(body).digest("hex");
    const headers = way.signed ? { "x-redmine-signature-256": `sha256=${mac}` } : {};
    const path = `/webhooks/${NAME}${way.token ? `?token=${way.token}` : ""}`;
    return worker.request(path, { method: "POST", headers, body });
  };

  await check("the plug-in's delivery, with a token in the address, leads to a note", async () => {
    const id = await ticketSystem.file(JAPANESE);
    const payload = { payload: { action: "opened", issue: { id: Number(id) } } };
    assert.equal((await send(payload, { token: "wrong-token-0123456789" })).status, 401);
    assert.equal((await send(payload, { token: ADDRESS_TOKEN })).status, 202);
    await done(id);
    await oneNote(id);
  });

  await check(
    "a delivery as Redmine 7 signs it leads to a note, and a message to new words",
    async () => {
      const id = await ticketSystem.file(JAPANESE);
      const issue = { id: Number(id), author: { id: 5 } };
      const created = { type: "issue.created", data: { issue } };
      assert.equal((await send(created, {})).status, 401);
      assert.equal((await send(created, { signed: true })).status, 202);
      await done(id);
      const before = await oneNote(id);
      const notes = "再起動後は 0x801C03ED でした。";
      await ticketSystem.write(id, notes);
      const by = (user: number) => ({
        type: "issue.updated",
        data: { issue, journal: { id: 1, notes, user: { id: user } } },
      });
      const byAgent = await send(by(6), { signed: true });
      assert.deepEqual(byAgent.body, { status: "ignored", reason: "no message of the requester" });
      assert.equal((await send(by(5), { signed: true })).status, 202);
      await worker.untilRecord(NAME, id, ({ outcome }) => outcome === "updated");
      const after = await oneNote(id);
      assert.equal(after.id, before.id);
      assert.match(after.notes, /0x801C03ED/);
    },
  );

  await check("the log contains no text of an issue", async () => {
    await worker.stop("SIGTERM");
    assert.match(worker.log(), /ticket_done/);
    assert.ok(!worker.log().includes(CANARY));
  });
};

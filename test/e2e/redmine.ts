import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Desk, freePort, until } from "./desk.ts";
import { startProxy } from "./proxy.ts";
import { install, RIGHTS, startRedmine } from "./redmine-server.ts";
import { prepareWorker } from "./worker.ts";

const NAME = "redmine";
const SERVICE_USER = "HRESULT comments";
const REQUESTER = "misaki@example.com";
/** Stands in every ticket text, and may stand in no log. */
const CANARY = "canary-7c2e";
const KILL_LIMIT_MS = 10_000;
/** New issues are looked for every second. */
const POLL_LIMIT_MS = 10_000;

const JAPANESE = {
  subject: `PIN を設定できません ${CANARY}`,
  description: "サインインで 0x80090029 と表示されます。",
};

/** As mail programs of Japan write it. */
const MAIL = `From: ${REQUESTER}
To: redmine@example.com
Subject: =?iso-2022-jp?b?UElOIBskQiRyQF9EaiRHJC0kXiQ7JHMbKEI=?= ${CANARY}
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: base64

GyRCJSglaSE8GyhCIDB4ODAwOTAwMjkgGyRCJCw9UCReJDkhIxsoQgo=
`;

/** Redmine 5 of Debian, which is polled, and our Worker, each as its administrator has it. */
export const redmine: Desk = async (check, onEnd) => {
  await install();
  const folder = await mkdtemp(join(tmpdir(), "hresult-desk-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const each of ["redmine", "worker"]) await mkdir(join(folder, each));

  const [redminePort, workerPort] = [await freePort(), await freePort()];
  const desk = await startRedmine(join(folder, "redmine"), redminePort, "Contact Microsoft");
  onEnd(() => desk.stop("SIGTERM"));
  const worker = prepareWorker(join(folder, "worker"), workerPort, crypto.randomUUID());
  onEnd(() => worker.stop("SIGTERM"));
  const proxy = await startProxy(redminePort);
  onEnd(proxy.close);
  const variables = {
    REDMINE_URL: proxy.url,
    REDMINE_TOKEN: desk.serviceKey,
    REDMINE_SECRETS: "secret-of-the-desk-0123456789",
    REDMINE_POLL: "on",
    REDMINE_FLAG_FIELD: desk.fieldId,
  };
  const older = await desk.file(JAPANESE);
  await worker.start(variables);
  await until("the first look is over", POLL_LIMIT_MS, async () =>
    proxy.seen.some((each) => each.includes("sort=id:desc")) ? true : undefined,
  );

  const filed = (id: string) =>
    until(`issue ${id} is seen`, POLL_LIMIT_MS, async () => {
      return (await worker.record(NAME, id)) ?? undefined;
    });
  const done = async (id: string) => {
    await filed(id);
    return worker.settled(NAME, id, ({ state }) => state === "done");
  };
  const notes = async (id: string) => (await desk.journals(id)).filter((each) => each.notes !== "");
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
    return worker.settled(NAME, id, ({ state }) => state === "done");
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
    first = await desk.file(JAPANESE);
    const record = await done(first);
    const note = await oneNote(first);
    assert.equal(record.commentId, note.id);
    assert.match(note.notes, /@0x80090029@/);
    assert.match(note.notes, /[\u3041-\u3096]/, "in Japanese");
  });

  await check("the requester gets no mail of it", async () => {
    const other = await desk.file({ subject: "Mouse", description: "It is broken." });
    await done(other);
    const mails = async (id: string) =>
      (await desk.mailedTo(id)).filter((each) => each === REQUESTER).length;
    assert.equal(await mails(first), await mails(other));
  });

  await check("the note is rendered as lists, and the marker is not shown", async () => {
    for (const markup of ["textile", "common_mark"]) {
      await desk.set("text_formatting", markup);
      await worker.stop("SIGTERM");
      const REDMINE_MARKUP = markup === "textile" ? "textile" : "markdown";
      await worker.start({ ...variables, REDMINE_MARKUP });
      const id = await desk.file({ subject: "PIN", description: "0x80090029 0x801C03ED" });
      await done(id);
      const page = await desk.page(`issues/${id}`);
      const [shown = ""] = /<div id="journal-\d+-notes"[\s\S]*?<\/div>/.exec(page) ?? [];
      assert.match(shown, /<code>0x80090029<\/code>/);
      assert.match(shown, /<ol>[\s\S]*<ul>|<ul>[\s\S]*<ol>/);
      assert.match(shown, /<a href="https:\/\/learn\.microsoft\.com/);
      assert.doesNotMatch(
        shown.replaceAll(/<!--[\s\S]*?-->/g, ""),
        /hresult-|&amp;#|\*\*|\\|\[\/\/\]/,
      );
    }
    await desk.set("text_formatting", "textile");
    await worker.stop("SIGTERM");
    await worker.start(variables);
  });

  await check("an issue filed by mail gets its note", async () => {
    await desk.mail(MAIL);
    const id = await desk.newest();
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    assert.match((await oneNote(id)).notes, /[\u3041-\u3096]/);
  });

  await check("a code in an attached file is found, and the note says where", async () => {
    const content = "KeySignTest : FAIL 0x80090029\r\n";
    const file = { name: "dsregcmd status.txt", type: "text/plain", content };
    const id = await desk.file({ subject: "PIN", description: "ログを添付します。" }, [file]);
    assert.deepEqual((await done(id)).codes, ["0x80090029"]);
    assert.match((await oneNote(id)).notes, /dsregcmdstatus\.txt/);
  });

  await check("a code outside the catalog: words and field say contact Microsoft", async () => {
    const id = await desk.file({
      subject: "Help",
      description: `It stops with 0x8A15FFF1. ${CANARY}`,
    });
    assert.equal((await done(id)).contactMicrosoft, true);
    assert.match((await oneNote(id)).notes, /contact Microsoft/i);
    assert.equal(await desk.field(id), "yes");
  });

  await check("an issue without a code, and one from before, get no note", async () => {
    const id = await desk.file({ subject: "Mouse", description: "It is broken." });
    assert.equal((await done(id)).outcome, "no_code");
    assert.deepEqual(await notes(id), []);
    assert.equal(await worker.record(NAME, older), null);
    assert.deepEqual(await notes(older), []);
  });

  await check(
    "a re-trigger changes nothing until the issue has changed; then the note is edited",
    async () => {
      const before = await oneNote(first);
      assert.equal((await retrigger(first)).outcome, "unchanged");
      await desk.write(first, "再起動後は 0x801C03ED でした。");
      const record = await retrigger(first);
      assert.deepEqual([record.outcome, record.commentId], ["updated", before.id]);
      const after = await oneNote(first);
      assert.equal(after.id, before.id);
      assert.match(after.notes, /0x80090029[\s\S]*0x801C03ED|0x801C03ED[\s\S]*0x80090029/);
    },
  );

  await check("with force there is a second note", async () => {
    assert.equal((await retrigger(first, '{"force":true}')).outcome, "posted");
    const own = (await notes(first)).filter(({ author }) => author === SERVICE_USER);
    assert.deepEqual(
      own.map((each) => each.private),
      [true, true],
    );
  });

  await check("killed between the note and its record: still one note", async () => {
    let killed = false;
    let puts = 0;
    proxy.onAnswer = async (method, path) => {
      if (method !== "PUT" || !path.startsWith("/issues/")) return;
      // The first one sets the field.
      puts++;
      if (puts < 2) return;
      proxy.onAnswer = async () => {};
      await worker.stop("SIGKILL");
      killed = true;
    };
    const id = await desk.file(JAPANESE);
    await until("the Worker is killed", KILL_LIMIT_MS, async () => killed || undefined);
    const { id: note } = await oneNote(id);
    await worker.start(variables);
    assert.equal((await done(id)).commentId, note);
    await oneNote(id);
  });

  await check("what is filed while the Worker is down is found when it is back", async () => {
    await worker.stop("SIGTERM");
    const missed = [await desk.file(JAPANESE), await desk.file(JAPANESE)];
    await desk.mail(MAIL);
    missed.push(await desk.newest());
    await worker.start(variables);
    for (const id of missed) {
      await done(id);
      await oneNote(id);
    }
  });

  await check("Redmine stopped and started in between: each issue has one note", async () => {
    let isRead = false;
    proxy.onAnswer = async (_, path) => {
      isRead ||= path.includes("/issues/");
      // A look for new issues asks for it, too.
      if (!isRead || !path.includes("memberships")) return;
      proxy.onAnswer = async () => {};
      await desk.stop("SIGKILL");
    };
    const id = await desk.file(JAPANESE);
    await worker.settled(NAME, id, ({ lastFailure }) => lastFailure !== null);
    await desk.start();
    const another = await desk.file(JAPANESE);
    for (const each of [id, another]) {
      await done(each);
      await oneNote(each);
    }
  });

  await check(
    "without the right to hide a note none is added, until the right is back",
    async () => {
      await desk.permit(RIGHTS.filter((each) => each !== "set_notes_private"));
      const id = await desk.file(JAPANESE);
      await filed(id);
      await worker.settled(NAME, id, ({ lastFailure }) => lastFailure === "ticket_system_denied");
      assert.deepEqual(await notes(id), []);
      assert.match(await worker.checkSetUp(NAME), /^no {2}ticket system: .*set_notes_private/m);
      await desk.permit(RIGHTS);
      await done(id);
      await oneNote(id);
    },
  );

  await check("a re-trigger of a missing issue fails for good", async () => {
    const path = `/tickets/${NAME}/99999/enrich`;
    await worker.request(path, { method: "POST" });
    const { lastFailure } = await worker.settled(NAME, "99999", ({ state }) => state === "failed");
    assert.equal(lastFailure, "ticket_system_not_found");
  });

  await check("no text of an issue is in the Worker's log", async () => {
    await worker.stop("SIGTERM");
    assert.match(worker.log(), /ticket_done/);
    assert.ok(!worker.log().includes(CANARY));
  });
};

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "./process.ts";
import * as redmineServer from "./redmine-server.ts";
import * as rtServer from "./rt-server.ts";
import type { Suite } from "./suite.ts";
import { prepareWorker } from "./worker.ts";

const PICTURES = join(import.meta.dirname, "../fixtures/screenshots");
const FLAG_FIELD = "Contact Microsoft";
/** The Worker polls Redmine every second. */
const POLL_LIMIT_MS = 30_000;
/** The codes in the two pictures. */
const [HELLO, UPDATE] = ["0x801C044F", "0x80070643"];

/** A mail in HTML into which a picture was pasted: it has a Content-ID, and need not have a name. */
function mailWithPicture(to: string, base64: string, name: string | null) {
  const named = name === null ? "" : `; filename="${name}"`;
  return `From: misaki@example.com
To: ${to}
Subject: =?utf-8?b?${Buffer.from("更新できません").toString("base64")}?=
MIME-Version: 1.0
Content-Type: multipart/related; boundary=outer; type="text/html"

--outer
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${btoa('<p>See:</p><img src="cid:image001@01DB4C7C">')}
--outer
Content-Type: image/png
Content-ID: <image001@01DB4C7C>
Content-Disposition: inline${named}
Content-Transfer-Encoding: base64

${base64.replace(/.{76}/g, "$&\n")}
--outer--
`;
}

/** Request Tracker 5 and Redmine 5 from Debian's packages, and a Worker that reads pictures. */
export const screenshots: Suite = async (check, onEnd) => {
  await rtServer.install();
  await redmineServer.install();
  const folder = await mkdtemp(join(tmpdir(), "hresult-e2e-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const each of ["rt", "redmine", "worker"]) await mkdir(join(folder, each));
  const [rtPort, redminePort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const worker = prepareWorker(join(folder, "worker"), workerPort, crypto.randomUUID());
  onEnd(() => worker.stop("SIGTERM"));
  const rt = await rtServer.startRequestTracker(join(folder, "rt"), rtPort, worker.url, FLAG_FIELD);
  onEnd(rt.stop);
  const redmine = await redmineServer.startRedmine(
    join(folder, "redmine"),
    redminePort,
    FLAG_FIELD,
  );
  onEnd(() => redmine.stop("SIGTERM"));
  await worker.start({
    ...rt.variables,
    REDMINE_URL: redmine.url,
    REDMINE_TOKEN: redmine.serviceKey,
    REDMINE_POLL: "on",
    SCREENSHOTS: "on",
  });

  const hello = (await readFile(join(PICTURES, "hello-ja.png"))).toString("base64");
  const update = (await readFile(join(PICTURES, "update-history-ja.png"))).toString("base64");
  const expectCode = async (connector: string, id: string, code: string) => {
    await until(`the Worker knows ticket ${id}`, POLL_LIMIT_MS, async () => {
      return (await worker.record(connector, id)) ?? undefined;
    });
    const record = await worker.untilRecord(connector, id, ({ state }) => state === "done");
    assert.deepEqual([record.outcome, record.codes], ["posted", [code]]);
    assert.deepEqual(record.sources, ["screenshot"]);
  };
  const expectText = (text = "", code: string) => {
    assert.ok(text.includes(code), "the comment names the code");
    assert.match(text, /画像から読み取り/, "and says where it was read, in Japanese");
  };

  await check("RT: a Japanese ticket whose code is in an attached screenshot", async () => {
    const file = { FileName: "screen.png", FileType: "image/png", FileContent: hello };
    const id = await rt.file({
      Subject: "PIN を設定できません",
      Content: "画面を添付します。",
      ContentType: "text/plain",
      Attachments: [file],
    });
    await expectCode("request-tracker", id, HELLO);
    const comment = (await rt.transactions(id)).find(({ type }) => type === "Comment");
    expectText(comment?.text, HELLO);
  });

  await check("RT: a picture without a name that was pasted into the body of a mail", async () => {
    await rt.mail(mailWithPicture("rt@example.com", update, null));
    const id = await rt.newest();
    await expectCode("request-tracker", id, UPDATE);
    const comment = (await rt.transactions(id)).find(({ type }) => type === "Comment");
    expectText(comment?.text, UPDATE);
  });

  await check("Redmine: a picture that was pasted into the body of a mail", async () => {
    await redmine.mail(mailWithPicture("redmine@example.com", hello, "image001.png"));
    const id = await redmine.newest();
    await expectCode("redmine", id, HELLO);
    const note = (await redmine.journals(id)).find(({ notes }) => notes !== "");
    expectText(note?.notes, HELLO);
  });

  await check("the log names no file, and no text of a picture", async () => {
    assert.doesNotMatch(worker.log(), /image001|画面|エラー/);
  });
};

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../scripts/child.ts";
import { deliver, openServeHarness, type ServedWorker } from "../scripts/serve-harness.ts";
import { type RedmineStub, startRedmineStub } from "./redmine-stub.ts";

const PICTURES = join(import.meta.dirname, "../fixtures/screenshots");
const FORMATS = join(import.meta.dirname, "../fixtures/screenshot-formats");
const picture = (name: string) => new Uint8Array(readFileSync(join(PICTURES, name)));

const AUTHORIZATION = { authorization: "Bearer test-token-of-the-serve-tests" };
const SECRET = "redmine-secret-0123456789";

// Both Workers in real workerd, started once for all tests of this file.
let harness: Awaited<ReturnType<typeof openServeHarness>>;
let redmine: RedmineStub;
let served: ServedWorker;

beforeAll(async () => {
  [harness, redmine] = await Promise.all([openServeHarness(), startRedmineStub()]);
  served = await harness.serve("pictures", "0", {
    SCREENSHOTS: "on",
    REDMINE_URL: redmine.url,
    REDMINE_TOKEN: "token-0123456789",
    REDMINE_ADDRESS_SECRETS: SECRET,
  });
});

afterAll(async () => {
  redmine.stop();
  await harness.close();
});

/** What `POST /scan` answers for a file. */
async function scan(bytes: Uint8Array, query = "") {
  const answer = await fetch(`${served.url}/scan${query}`, {
    method: "POST",
    headers: { ...AUTHORIZATION, "content-type": "image/png" },
    body: Buffer.from(bytes),
  });
  return { status: answer.status, ...Object(await answer.json()) };
}

/** Tells the Worker of a new issue, as the plug-in of Redmine does. */
async function announce(id: number) {
  const answer = await fetch(`${served.url}/webhooks/redmine?token=${SECRET}`, {
    method: "POST",
    body: JSON.stringify({ payload: { action: "opened", issue: { id } } }),
  });
  expect(answer.status).toBe(202);
}

function recordOf(connector: string, id: number | string) {
  return until(async () => {
    const url = `${served.url}/tickets/${connector}/${id}`;
    const record = Object(await (await fetch(url, { headers: AUTHORIZATION })).json());
    return ["done", "failed"].includes(record.state) ? record : undefined;
  });
}

test.each([
  ["hello-en.png", ["0x80090029"]],
  ["hello-ja.png", ["0x801C044F"]],
  ["update-en.png", ["0x800F0922"]],
  ["update-history-ja.png", ["0x80070643"]],
  ["copy-de.jpg", ["0x8007045D"]],
  ["application-ja.png", ["0xC000007B"]],
  ["powershell-en.png", ["0x80073CF9"]],
  ["dism-en.png", ["0x800F081F"]],
  ["office-de.png", ["0xCAA20003"]],
  ["recovery-de.jpg", ["0xC0000225"]],
  ["registry-en.png", []],
  ["store-ja.jpg", []],
])("%s shows %j", async (name, expected) => {
  const { status, codes } = await scan(picture(name));
  expect(status).toBe(200);
  expect(codes.map((each: { code: string }) => each.code)).toEqual(expected);
  expect(codes.every((each: { source: string }) => each.source === "screenshot")).toBe(true);
});

test.each([
  ["store-ja.jpg", PICTURES, "photograph"],
  ["progressive.jpg", FORMATS, "not_baseline"],
  ["interlaced.png", FORMATS, "interlaced"],
  ["cmyk.jpg", FORMATS, "colour_space"],
])("the answer for %s says why it is unread", async (name, folder, unread) => {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  expect(await scan(bytes, "?name=a.png")).toMatchObject({
    status: 200,
    codes: [],
    comment: null,
    picture: { name: "a.png", text: "", unread },
  });
});

test("a dry run of a picture shows its text, and a comment that asks to check it", async () => {
  const { picture: read, comment } = await scan(picture("hello-ja.png"), "?name=x.png&locale=en");
  expect(read).toMatchObject({ name: "x.png", unread: null });
  expect(read.text).toContain("0x801C044F");
  expect(comment.text).toContain("(read from x.png: check it against the picture)");
});

test("a ticket whose only code is in its picture gets a comment that says so", async () => {
  redmine.addIssue(7, [{ filename: "画面.png", bytes: picture("hello-ja.png") }]);
  await announce(7);
  expect(await recordOf("redmine", 7)).toMatchObject({
    outcome: "posted",
    codes: ["0x801C044F"],
    sources: ["screenshot"],
  });
  const [note] = redmine.notesOf(7);
  expect(note).toContain("画面.png");
  expect(note).toContain("画像から読み取り。画像と照合してください");
});

test("of the pictures of a ticket the two largest are fetched", async () => {
  redmine.addIssue(8, [
    { filename: "logo.png", bytes: new Uint8Array(100) },
    { filename: "a.png", bytes: picture("hello-en.png") },
    { filename: "b.png", bytes: picture("powershell-en.png") },
    { filename: "c.docx", bytes: new Uint8Array(90_000) },
  ]);
  await announce(8);
  const { codes } = await recordOf("redmine", 8);
  expect([...codes].sort()).toEqual(["0x80073CF9", "0x80090029"]);
  expect(redmine.downloads.filter((path) => path.includes("/download/8"))).toEqual([
    "/attachments/download/82",
    "/attachments/download/81",
  ]);
});

test("a picture that is none leaves its ticket as if it had no picture", async () => {
  redmine.addIssue(9, [{ filename: "a.png", bytes: new TextEncoder().encode("0x80070005") }]);
  await announce(9);
  expect(await recordOf("redmine", 9)).toMatchObject({ state: "done", outcome: "no_code" });
});

test("the ledger answers a delivery while pictures are read", async () => {
  let readings = 0;
  const scans = ["powershell-en.png", "office-de.png", "recovery-de.jpg"].map(async (name) => {
    await scan(picture(name));
    readings++;
  });
  expect(await deliver(served.url, "p-1", "T-1")).toBe("accepted");
  // Pictures are read one by one: the delivery did not wait for all of them.
  expect(readings).toBeLessThan(3);
  await Promise.all(scans);
});

test("the console reads a picture that is sent by its form", async () => {
  const console_ = `${served.url}/console`;
  const send = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(console_ + path, {
      redirect: "manual",
      ...init,
      headers: { cookie, origin: served.url, "sec-fetch-site": "same-origin" },
    });
    for (const each of answer.headers.getSetCookie()) cookie += `${each.split(";")[0]}; `;
    const text = await answer.text();
    token = /name="formToken" value="([^"]*)"/.exec(text)?.[1] ?? token;
    return text;
  };
  let [cookie, token] = ["", ""];
  const form = (fields: Record<string, string | File>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ formToken: token, ...fields }))
      data.set(name, value);
    return data;
  };
  await send("/sign-in");
  const password = AUTHORIZATION.authorization.replace("Bearer ", "");
  await send("/sign-in", {
    method: "POST",
    body: new URLSearchParams({ formToken: token, password }),
  });
  expect(await send("/look-up")).toContain('enctype="multipart/form-data"');

  const file = new File([Buffer.from(picture("hello-ja.png"))], "画面.png");
  const page = await send("/look-up", { method: "POST", body: form({ picture: file }) });
  expect(page).toContain("0x801C044F");
  expect(page).toMatch(/read from .*画面\.png.*: check it against the picture|画像から読み取り/);

  const photograph = new File([Buffer.from(picture("store-ja.jpg"))], "a.jpg");
  const refused = await send("/look-up", { method: "POST", body: form({ picture: photograph }) });
  expect(refused).toContain("photograph");
});

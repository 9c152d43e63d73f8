import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toHresult } from "../../src/hresult/hresult.ts";
import { MAX_PICTURE_BYTES, type PictureReader } from "../../src/picture.ts";
import { runSchedule } from "../../src/worker/scheduled.ts";
import { testCatalogWith } from "../catalog-fixture.ts";
import {
  ask,
  HOUR,
  loadCatalog,
  pass,
  recordOf,
  SECOND,
  set,
  useHarness,
} from "./ledger-harness.ts";

// A ticket whose text has a code that the catalog learns, and whose picture has a listed one.

const NAME = "backlog";
const TICKET = "HELP-1";
/** So long an isolate may serve the catalog that it knows. */
const CATALOG_AGE = 31 * SECOND;
const NEW_CODE = toHresult(0x80041001);
const PICTURE_CODE = "0x801C03ED";
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const READS: PictureReader = {
  read: async () => ({ kind: "read", lines: [`Error ${PICTURE_CODE}`] }),
};

/** The files of the issue, as Backlog lists them. */
let files: { id: number; name: string; size: number }[];
/** Answers the download of a file. */
let download: () => Response;

const harness = useHarness({
  settings: {
    BACKLOG_URL: "https://help.backlog.example",
    BACKLOG_API_KEY: "an-api-key-of-backlog",
    BACKLOG_SECRETS: "a-token-of-the-webhook",
    COMMENT_VISIBILITY: "public",
    SCREENSHOTS: "on",
  },
});
beforeEach(async () => {
  files = [{ id: 7, name: "screen.png", size: 1_000 }];
  download = () => new Response(PNG);
  bind(READS);
  harness.always = ({ method, url }) => {
    if (method !== "GET") return Response.json({ id: 11 });
    if (url.includes("/attachments/")) return download();
    if (url.includes("/comments")) return Response.json([]);
    if (url.includes("/projects/")) {
      return Response.json({ projectKey: "HELP", textFormattingRule: "markdown" });
    }
    return Response.json({ summary: "PIN", description: `Error ${NEW_CODE}`, attachments: files });
  };
  await ask(`/tickets/${NAME}/${TICKET}/enrich`, { method: "POST" });
  await pass(0, NAME);
});
afterEach(() => void Reflect.deleteProperty(env, "SCREENSHOTS_READER"));

function bind(reader: PictureReader) {
  Object.assign(env, { SCREENSHOTS_READER: reader });
}

/** The catalog learns the code of the text, and the schedule comes round. */
async function learn() {
  await loadCatalog(testCatalogWith(NEW_CODE));
  vi.setSystemTime(Date.now() + CATALOG_AGE);
  await runSchedule("17 * * * *", env as never);
  await pass(0, NAME);
}

const record = () => recordOf(TICKET, NAME);
const edits = () => harness.calls.filter(({ method }) => method === "PATCH");

const failing: [why: string, change: () => void, mend: () => void][] = [
  [
    "the ticket system refuses the download",
    () => (download = () => new Response("", { status: 403 })),
    () => (download = () => new Response(PNG)),
  ],
  [
    "the ticket system breaks down during the download",
    () => (download = () => new Response("", { status: 500 })),
    () => (download = () => new Response(PNG)),
  ],
  [
    "the picture is larger than the limit",
    () => (files = [{ id: 7, name: "screen.png", size: MAX_PICTURE_BYTES + 1 }]),
    () => (files = [{ id: 7, name: "screen.png", size: 1_000 }]),
  ],
  [
    "the picture is larger than the ticket system says",
    () => (download = () => new Response(new Uint8Array(MAX_PICTURE_BYTES + 1))),
    () => (download = () => new Response(PNG)),
  ],
  [
    "the reader is killed",
    () => bind({ read: () => Promise.reject(new Error("exceeded CPU")) }),
    () => bind(READS),
  ],
  [
    "the reader is full",
    () => bind({ read: async () => ({ kind: "unread", reason: "busy" }) }),
    () => bind(READS),
  ],
  [
    "no reader is bound",
    () => Reflect.deleteProperty(env, "SCREENSHOTS_READER"),
    () => bind(READS),
  ],
  [
    "pictures are switched off",
    () => set({ SCREENSHOTS: "off" }),
    () => set({ SCREENSHOTS: "on" }),
  ],
];

test("a recheck keeps the code of a picture that is read again", async () => {
  expect(await record()).toMatchObject({ outcome: "posted", sources: ["screenshot", null] });
  await learn();
  expect(edits()).toHaveLength(1);
  expect(decodeURIComponent(edits()[0]?.body ?? "")).toContain(PICTURE_CODE);
  expect(await record()).toMatchObject({ state: "done", outcome: "updated" });
});

describe("a recheck leaves the comment as it is, and is tried again in an hour", () => {
  test.each(failing)("when %s", async (_, change, mend) => {
    const { codes, sources } = Object(await record());
    change();
    await learn();
    expect(edits()).toEqual([]);
    const lastFailure = "picture_unread";
    expect(await record()).toMatchObject({ state: "waiting", lastFailure, codes, sources });
    mend();
    await pass(HOUR, NAME);
    expect(edits()).toHaveLength(1);
    expect(decodeURIComponent(edits()[0]?.body ?? "")).toContain(PICTURE_CODE);
    expect(await record()).toMatchObject({ state: "done", outcome: "updated", lastFailure: null });
  });
});

test("a recheck gives up a picture that is gone, and the comment stays for good", async () => {
  const { codes, sources, commentId } = Object(await record());
  files = [];
  await learn();
  for (let hours = 0; hours < 5; hours++) {
    expect(await record()).toMatchObject({ state: "waiting" });
    await pass(HOUR, NAME);
  }
  expect(edits()).toEqual([]);
  expect(await record()).toMatchObject({
    ...{ state: "done", outcome: "unchanged", attempts: 6, lastFailure: "picture_unread" },
    ...{ codes, sources, commentId },
  });
});

test("a re-trigger by a person takes the code of a picture out that is gone", async () => {
  files = [];
  await ask(`/tickets/${NAME}/${TICKET}/enrich`, { method: "POST" });
  await pass(0, NAME);
  expect(edits()).toHaveLength(1);
  expect(await record()).toMatchObject({ state: "done", codes: [NEW_CODE] });
});

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PictureReader } from "../../src/picture.ts";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  openHarness,
  pass,
  recordOf,
  set,
} from "../worker-harness.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TICKET_URL = "https://desk.example/tickets/{id}";
const FILES = [{ name: "screen.png", url: "https://desk.example/files/1", size: 1_000 }];

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness({ STANDARD_TICKET_URL: TICKET_URL, SCREENSHOTS: "on" });
  harness.always = ({ method, url }) => {
    if (url.includes("/files/")) return new Response(PNG);
    return Response.json(method === "GET" ? { ticket: ticket() } : { id: "c-1" });
  };
  bind({ read: async () => ({ kind: "read", lines: ["Error 0x801C03ED"] }) });
});
afterEach(async () => {
  Reflect.deleteProperty(env, "SCREENSHOTS_READER");
  await closeHarness();
});

function bind(reader: PictureReader) {
  Object.assign(env, { SCREENSHOTS_READER: reader });
}

/** As the ticket system answers it. */
const ticket = () => ({ id: "T-1", subject: "PIN", body: "See the picture.", files: FILES });

/** Sends a delivery with this text, and waits until its ticket is done. */
async function enriched(body: string) {
  expect((await deliver(created({ body }))).status).toBe(202);
  await pass();
  return recordOf();
}

const gets = () => harness.calls.filter(({ method }) => method === "GET").map(({ url }) => url);
const comment = () => {
  const post = harness.calls.find(({ method }) => method === "POST");
  return post ? JSON.parse(post.body).data.comment.text : null;
};

test("a delivery whose text has no code gets its comment from the picture", async () => {
  expect(await enriched("See the picture.")).toMatchObject({
    outcome: "posted",
    codes: ["0x801C03ED"],
    sources: ["screenshot"],
  });
  expect(comment()).toContain("(read from screen.png: check it against the picture)");
  expect(gets()).toEqual(["https://desk.example/tickets/T-1", "https://desk.example/files/1"]);
});

test("a code of the text is not marked, and one of the picture beside it is", async () => {
  const { codes, sources } = Object(await enriched("error 0x80090029"));
  expect(Object.fromEntries(codes.map((code: string, at: number) => [code, sources[at]]))).toEqual({
    "0x80090029": null,
    "0x801C03ED": "screenshot",
  });
});

test("a code that text and picture show is not marked", async () => {
  expect(await enriched("error 0x801c03ed")).toMatchObject({ sources: [null] });
  expect(comment()).not.toContain("screen.png");
});

const failing: [why: string, change: () => void][] = [
  ["the reader was killed", () => bind({ read: () => Promise.reject(new Error("exceeded CPU")) })],
  ["the reader is full", () => bind({ read: async () => ({ kind: "unread", reason: "busy" }) })],
  [
    "the ticket cannot be read",
    () => harness.answers.push(() => new Response(null, { status: 403 })),
  ],
  [
    "the ticket system is busy",
    () => harness.answers.push(() => new Response(null, { status: 429 })),
  ],
  ["no reader is bound", () => Reflect.deleteProperty(env, "SCREENSHOTS_READER")],
];

describe("when a picture cannot be read, the text counts alone", () => {
  test.each(failing)("%s, and the text has a code", async (_, change) => {
    change();
    expect(await enriched("error 0x80090029")).toMatchObject({
      outcome: "posted",
      codes: ["0x80090029"],
      attempts: 1,
    });
  });

  test.each(failing)("%s, and the text has none", async (_, change) => {
    change();
    expect(await enriched("See the picture.")).toMatchObject({ state: "done", outcome: "no_code" });
    expect(comment()).toBeNull();
  });
});

describe("with SCREENSHOTS=off", () => {
  beforeEach(() => set({ SCREENSHOTS: "off" }));

  test("a delivery with its text leads to no request but the comment", async () => {
    await enriched("error 0x80090029");
    expect(gets()).toEqual([]);
  });

  test("a delivery without a code is done at once", async () => {
    await deliver(created({ body: "See the picture." }));
    expect(await recordOf()).toMatchObject({ state: "done", outcome: "no_code", attempts: 0 });
    expect(harness.calls).toEqual([]);
  });

  test("of a ticket that is read, no picture is fetched", async () => {
    expect((await deliver(created({ body: null }))).status).toBe(202);
    await pass();
    expect(gets()).toEqual(["https://desk.example/tickets/T-1"]);
  });
});

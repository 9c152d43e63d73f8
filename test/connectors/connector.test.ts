import { expect, test } from "vitest";
import * as z from "zod/mini";
import { defineConnector } from "../../src/connectors/define-connector.ts";
import type { VerifiedDelivery } from "../../src/webhook/delivery.ts";
import { FIRST_TRY, SECOND_TRY } from "./attempts.ts";
import { postingOn } from "./fixture.ts";

const AT = new Date("2031-01-01T00:00:00Z");
const POSTING = postingOn("7", {}, { marker: "marker-1", at: AT });

const Event = z.object({ ticketId: z.string() });

/** A ticket system in memory: it keeps comments by their markers. */
function acme(comments: Map<string, string | null>) {
  const did: string[] = [];
  const entry = defineConnector({
    name: "acme-desk",
    settings: z.object({
      ACME_DESK_URL: z.string(),
      ACME_DESK_TOKEN: z.string().check(z.minLength(8, "Too small")),
    }),
    ticketId: /^\d{1,9}$/,
    comment: { markup: "text", marker: "last-line", internal: true },
    ping: { body: {} },
    access: () => ({ root: new URL("https://acme.example/"), headers: {} }),
    connect: () => ({
      proof: null,
      parse: (body) => Event.parse(body),
      async findComment(ticketId, marker) {
        did.push(`find ${ticketId} ${marker}`);
        const id = comments.get(marker);
        return id === undefined ? undefined : { id };
      },
      async postComment({ ticketId, marker }) {
        did.push(`post ${ticketId} ${marker}`);
        return { id: "new" };
      },
    }),
  });
  const connection = entry.connect({ ACME_DESK_URL: "x", ACME_DESK_TOKEN: "12345678" }, () => {
    throw new Error("no network");
  });
  if (connection === null) throw new Error("not connected");
  return { entry, connection, did };
}

const tries: [
  mayBePosted: boolean,
  there: [string, string | null][],
  id: string | null,
  did: string[],
][] = [
  [false, [], "new", ["post 7 marker-1"]],
  [false, [["marker-1", "old"]], "new", ["post 7 marker-1"]],
  [true, [], "new", ["find 7 marker-1", "post 7 marker-1"]],
  [true, [["marker-2", "old"]], "new", ["find 7 marker-1", "post 7 marker-1"]],
  [true, [["marker-1", "old"]], "old", ["find 7 marker-1"]],
  [true, [["marker-1", null]], null, ["find 7 marker-1"]],
];

test.each(tries)(
  "tried before: %s, there: %j: the comment is %s after %j",
  async (before, there, id, does) => {
    const { connection, did } = acme(new Map(there));
    expect(await connection.deliverComment(POSTING, before ? SECOND_TRY : FIRST_TRY)).toMatchObject(
      {
        commentId: id,
      },
    );
    expect(did).toEqual(does);
  },
);

test("a comment that may still appear is not posted again", async () => {
  const { connection, did } = acme(new Map());
  const outcomeUnknown = {
    mayBePosted: true,
    outcomeUnknownUntil: new Date(AT.getTime() + 40_000),
    replaces: null,
    editOnly: false,
    beforePosting: async () => {},
  };
  await expect(connection.deliverComment(POSTING, outcomeUnknown)).rejects.toMatchObject({
    code: "comment_awaited",
    retry: true,
    retryAfterMs: 40_000,
  });
  expect(did).toEqual(["find 7 marker-1"]);
});

test("a comment is recorded just before it is sent, and not sent if that fails", async () => {
  const { connection, did } = acme(new Map());
  const noted = { ...SECOND_TRY, beforePosting: async () => void did.push("note") };
  await connection.deliverComment(POSTING, noted);
  expect(did).toEqual(["find 7 marker-1", "note", "post 7 marker-1"]);

  const beforePosting = () => Promise.reject(new Error("the disk is full"));
  await expect(connection.deliverComment(POSTING, { ...FIRST_TRY, beforePosting })).rejects.toThrow(
    "the disk is full",
  );
  expect(did).toHaveLength(3);
});

const variables: [env: Record<string, unknown>, isSet: boolean, connects: string | null][] = [
  [{}, false, null],
  [{ ACME_DESK_URL: "", ACME_DESK_TOKEN: "" }, false, null],
  [{ ACME_URL: "x", ACME_DESKTOP: "x", acme_desk_url: "x" }, false, null],
  [{ ACME_DESK_URL: "x" }, true, "ACME_DESK_TOKEN: missing"],
  [{ ACME_DESK_URL: "x", ACME_DESK_TOKEN: "" }, true, "ACME_DESK_TOKEN: missing"],
  [{ ACME_DESK_URL: "x", ACME_DESK_TOKEN: "secret" }, true, "ACME_DESK_TOKEN: Too small"],
  [{ ACME_DESK_TOKEN: "secret" }, true, "ACME_DESK_URL: missing; ACME_DESK_TOKEN: Too small"],
];

test.each(variables)(
  "with %j the connector is set: %s, with the problem %j",
  (env, isSet, says) => {
    const { entry } = acme(new Map());
    expect(entry.isSet(env)).toBe(isSet);
    const connecting = () => entry.connect(env, () => Promise.reject(new Error("no network")));
    if (says === null) {
      expect(connecting()).toBeNull();
      return;
    }
    expect(connecting).toThrow(says);
    expect(connecting).not.toThrow("secret");
  },
);

test("an event with an invalid ticket id is payload_invalid", () => {
  const { connection } = acme(new Map());
  const body = new Uint8Array(new TextEncoder().encode('{"ticketId":"x"}'));
  const delivery = { headers: new Headers(), body, receivedAt: new Date() } as VerifiedDelivery;
  expect(() => connection.parse(delivery)).toThrow(
    expect.objectContaining({ code: "payload_invalid" }),
  );
});

const strangers: [env: Record<string, string>, unknown: string[]][] = [
  [{ ACME_DESK_URL: "x", ACME_DESK_TOKEN: "12345678" }, []],
  [{ ACME_DESK_URL: "x", ACME_DESK_TOKENS: "12345678" }, ["ACME_DESK_TOKENS"]],
  [{ ACME_DESK_URL: "x", ACME_DESK_TOKENS: "" }, []],
  [{ ACME_DESKTOP: "x", ZENDESK_TAG: "off" }, []],
];

test.each(strangers)("in %j the variables %j are unknown", (env, unknown) => {
  expect(acme(new Map()).entry.unknownVariables(env)).toEqual(unknown);
});

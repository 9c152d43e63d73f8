import { afterEach, expect, test, vi } from "vitest";
import type { Visibility } from "../../../src/connectors/connector.ts";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/servicenow.json";
import { FIRST_TRY } from "../attempts.ts";
import { answer, freshConnection, MARKER, postingOn } from "../fixture.ts";

const connection = connect("servicenow", fixture.env);
const TICKET = fixture.event.ticketId;
const POSTING = postingOn(TICKET);
const SYS_ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1";

afterEach(() => {
  vi.unstubAllGlobals();
});

/**
 * An instance that hides what it does not let one read, and drops what it does not let one write.
 */
function desk({ reads = true, writes = ["comments", "work_notes"], entries = [] as string[] }) {
  return answer(({ method, url, body }) => {
    if (method === "PATCH") {
      for (const [field, text] of Object.entries(body as Record<string, string>)) {
        if (writes.includes(field)) entries.push(text);
      }
      return Response.json({ result: { sys_id: TICKET } });
    }
    if (!new URL(url).pathname.endsWith("/sys_journal_field")) throw new Error(`no ${url}`);
    const rows = ["別の端末では？", ...entries].map((value) => ({ sys_id: SYS_ID, value }));
    return Response.json({ result: reads ? rows : [] });
  });
}

const refusals: [rights: Parameters<typeof desk>[0], visibility: Visibility, code: string][] = [
  // It could not be found again.
  [{ reads: false }, "internal", "ticket_system_denied"],
  // Dropped, or hidden: a further try could write it twice, so a person has to ask for it.
  [{ writes: ["comments"] }, "internal", "ticket_system_refused"],
  [{ writes: ["work_notes"] }, "public", "ticket_system_refused"],
];

test.each(refusals)(
  "with the rights %j, a note with the visibility %s is %s",
  async (rights, visibility, code) => {
    const calls = desk(rights);
    const settling = connection.deliverComment({ ...POSTING, visibility }, FIRST_TRY);
    await expect(settling).rejects.toMatchObject({ code });
    const writes = calls.filter(({ method }) => method === "PATCH");
    expect(writes).toHaveLength(code === "ticket_system_denied" ? 0 : 1);
  },
);

test("a note is written to the right field, and read back", async () => {
  for (const [visibility, field] of [
    ["internal", "work_notes"],
    ["public", "comments"],
  ] as const) {
    const calls = desk({});
    const settled = await connection.deliverComment({ ...POSTING, visibility }, FIRST_TRY);
    expect(settled).toEqual({ outcome: "posted", commentId: SYS_ID });
    const [, patch] = calls;
    expect(patch?.body).toEqual({ [field]: expect.stringContaining(MARKER) });
  }
});

test("a note whose answer names no row is a failure", async () => {
  const row = { sys_id: SYS_ID, value: MARKER };
  answer(({ method }) => Response.json({ result: method === "PATCH" ? null : [row] }));
  const code = "ticket_system_answer_invalid";
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
});

test("a note whose reading back failed is found by the next attempt", async () => {
  const calls = desk({ entries: [`Hello\n${MARKER}`] });
  const again = { ...FIRST_TRY, mayBePosted: true };
  expect(await connection.deliverComment(POSTING, again)).toMatchObject({ commentId: SYS_ID });
  expect(calls.map(({ method }) => method)).toEqual(["GET"]);
});

const tables: [table: string, isOne: boolean][] = [
  ["x_588452_desk_ticket", true],
  ["u_level2", true],
  ["incident/../x", false],
  ["Incident", false],
];

test.each(tables)("%j is a valid table name: %s", (table, isOne) => {
  const setUp = () => connect("servicenow", { ...fixture.env, SERVICENOW_TABLE: table });
  if (isOne) expect(setUp().name).toBe("servicenow");
  else expect(setUp).toThrow(expect.objectContaining({ code: "settings_invalid" }));
});

const { SERVICENOW_USER, SERVICENOW_PASSWORD, ...REST } = fixture.env;
const BASIC = { SERVICENOW_USER, SERVICENOW_PASSWORD };
const CLIENT = { SERVICENOW_CLIENT_ID: "id", SERVICENOW_CLIENT_SECRET: "secret-of-client" };
const KEY = { SERVICENOW_API_KEY: "key-of-api" };

const openings: [given: Record<string, string>, sent: Record<string, string>, why: string][] = [
  [BASIC, { authorization: expect.stringMatching(/^Basic /) }, "a user and a password"],
  [KEY, { "x-sn-apikey": "key-of-api" }, "an API key"],
  [CLIENT, { authorization: "Bearer token-1" }, "an OAuth client"],
  [{ ...BASIC, ...KEY, ...CLIENT }, { authorization: "Bearer token-1" }, "all: OAuth goes first"],
];

test.each(openings)("with the credentials %j it sends %j: %s", async (given, sent) => {
  const calls = answer(({ url }) =>
    Response.json(
      url.endsWith("/oauth_token.do")
        ? { access_token: "token-1", expires_in: 1799 }
        : { result: [] },
    ),
  );
  await freshConnection("servicenow", { ...REST, ...given }).check?.("internal");
  const [grant] = calls.filter(({ url }) => url.endsWith("/oauth_token.do"));
  expect(grant?.body).toEqual(
    "SERVICENOW_CLIENT_ID" in given
      ? { grant_type: "client_credentials", client_id: "id", client_secret: "secret-of-client" }
      : undefined,
  );
  expect(calls.at(-1)?.headers).toMatchObject(sent);
  expect(calls.at(-1)?.headers).not.toHaveProperty(
    "x-sn-apikey" in sent ? "authorization" : "x-sn-apikey",
  );
});

const lacking: [given: Record<string, string>, says: string][] = [
  [{ SERVICENOW_USER }, "SERVICENOW_PASSWORD: missing"],
  [{ SERVICENOW_CLIENT_SECRET: "x" }, "SERVICENOW_CLIENT_ID: missing"],
  [
    {},
    "SERVICENOW_USER: missing, with SERVICENOW_PASSWORD, or SERVICENOW_CLIENT_ID with SERVICENOW_CLIENT_SECRET, or SERVICENOW_API_KEY",
  ],
];

test.each(lacking)("with the credentials %j it says %j", (given, says) => {
  expect(() => connect("servicenow", { ...REST, ...given })).toThrow(new RegExp(`^${says}$`));
});

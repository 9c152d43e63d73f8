import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/manageengine.json";
import { FIRST_TRY } from "../attempts.ts";
import { answer, freshConnection, HELLO, postingOn } from "../fixture.ts";

const { MANAGEENGINE_SECRETS } = fixture.env;
const ON_PREMISES = {
  MANAGEENGINE_URL: "https://sdp.example:8443",
  MANAGEENGINE_TECHNICIAN_KEY: "01234567-89AB-CDEF",
  MANAGEENGINE_SECRETS,
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test("on premises it uses the key of a technician", async () => {
  const note = { id: 7, show_to_requester: false };
  const calls = answer(() => Response.json({ request_note: note }, { status: 201 }));
  const connection = freshConnection("manageengine", ON_PREMISES);
  await connection.deliverComment(postingOn("42", HELLO), FIRST_TRY);
  expect(calls).toMatchObject([
    {
      url: "https://sdp.example:8443/api/v3/requests/42/notes",
      headers: { authtoken: "01234567-89AB-CDEF" },
    },
  ]);
  expect(calls[0]?.headers).not.toHaveProperty("authorization");
});

test.each([true, undefined])(
  "a note that comes back with show_to_requester %s is deleted",
  async (shown) => {
    const note = { id: 7, show_to_requester: shown };
    const calls = answer(() => Response.json({ request_note: note }));
    const connection = freshConnection("manageengine", ON_PREMISES);
    const delivering = connection.deliverComment(postingOn("42", HELLO), FIRST_TRY);
    await expect(delivering).rejects.toMatchObject({ code: "ticket_system_denied" });
    expect(calls.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  },
);

const addresses: [content_url: string | null, asked: string | null][] = [
  [
    "/api/v3/requests/42/attachments/1/download",
    "https://sdp.example:8443/api/v3/requests/42/attachments/1/download",
  ],
  ["https://files.example/1", "https://files.example/1"],
  ["http://files.example/1", null],
  [null, null],
];

test.each(addresses)("a file at %j is requested at %j", async (content_url, asked) => {
  const attachments = [{ name: "a.log", size: "3", content_url }];
  const calls = answer(({ url }) => {
    if (url === asked) return new Response("abc");
    return Response.json(url.includes("/notes") ? { notes: [] } : { request: { attachments } });
  });
  await freshConnection("manageengine", ON_PREMISES).readTicket?.("42");
  expect(calls.map(({ url }) => url).slice(2)).toEqual(asked ? [asked] : []);
  const isOwn = asked?.startsWith("https://sdp.example:8443/") ?? false;
  if (asked) expect("authtoken" in (calls[2]?.headers ?? {})).toBe(isOwn);
});

const lacking: [left: string[], says: string][] = [
  [
    [],
    "MANAGEENGINE_TECHNICIAN_KEY: missing, or MANAGEENGINE_CLIENT_ID with MANAGEENGINE_CLIENT_SECRET with MANAGEENGINE_REFRESH_TOKEN",
  ],
  [["MANAGEENGINE_CLIENT_ID", "MANAGEENGINE_CLIENT_SECRET"], "MANAGEENGINE_REFRESH_TOKEN: missing"],
];

test.each(lacking)("with only %j set it says %j", (left, says) => {
  const { MANAGEENGINE_TECHNICIAN_KEY: _, ...env } = ON_PREMISES;
  const given = Object.fromEntries(left.map((variable) => [variable, "x"]));
  expect(() => connect("manageengine", { ...env, ...given })).toThrow(new RegExp(`^${says}$`));
});

import { generateKeyPairSync, verify } from "node:crypto";
import { sign } from "@octokit/webhooks-methods";
import { afterEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/github.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, freshConnection, postingOn, toDelivery } from "../fixture.ts";

const { GITHUB_URL: _, ...ENV } = fixture.env;
const connection = connect("github", ENV);
const ISSUE = { number: 42, title: "T", body: "B", comments: 0 };

const POSTING = postingOn(
  "example-desk~windows.help~42",
  { contactMicrosoft: true, tags: ["error-hresult", "contact-microsoft"] },
  { visibility: "public" },
);

afterEach(() => {
  vi.unstubAllGlobals();
});

function parse(payload: object, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ action: "opened", ...payload });
  return connection.parse(
    toDelivery({ headers: { "x-github-event": "issues", ...headers }, body }),
  );
}

test("verifies what the library of GitHub signs", async () => {
  const body = '{"zen":"日本語"}';
  const headers = { "x-hub-signature-256": await sign(ENV.GITHUB_SECRETS, body) };
  expect(await connection.verify(toDelivery({ headers, body }))).toMatchObject({ secretIndex: 0 });
});

const named: [repository: string, number: unknown, ticketId: string | null][] = [
  ["octo-org/hello", 1, "octo-org~hello~1"],
  ["Octo-Org/Hello.World_2", 4294967295, "octo-org~hello.world_2~4294967295"],
  ["octo_corp/.github", 7, "octo_corp~.github~7"],
  ["octo/..", 1, null],
  ["octo/.", 1, null],
  ["octo/a/b", 1, null],
  ["../octo", 1, null],
  ["octo", 1, null],
  ["octo/a b", 1, null],
  ["octo/a?b", 1, null],
  ["octo/hello", 0, null],
  ["octo/hello", -1, null],
  ["octo/hello", 1.5, null],
  ["octo/hello", "1", null],
];

test.each(named)("issue %j, %j is the ticket %j", (full_name, number, ticketId) => {
  const event = () => parse({ issue: { ...ISSUE, number }, repository: { full_name } });
  if (ticketId === null) expect(event).toThrow(expect.objectContaining({ status: 422 }));
  else expect(event()).toMatchObject({ ticketId });
});

const refused = ["1", "a~1", "a~b", "a~b~01", "a~b~1~2", "A~b~1", "a.b~c~1", "a~..~1", "~b~1"];

test.each(refused)("the ticket id %j is refused", (id) => {
  const code = "ticket_id_invalid";
  expect(() => connection.checkTicketId(id)).toThrow(expect.objectContaining({ code }));
});

const contents: [why: string, payload: object, body: string | null][] = [
  ["new", {}, "B"],
  ["without a text", { issue: { ...ISSUE, body: null } }, ""],
  ["with comments already", { issue: { ...ISSUE, comments: 2 } }, null],
  ["transferred, so that comments follow", { changes: { old_issue: {} } }, null],
  ["filed by a program", { sender: { login: "mail[bot]", type: "Bot" } }, "B"],
];

test.each(contents)("an issue %s: its text is %j", (_, payload, body) => {
  const headers = { "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958" };
  const repository = { full_name: "a/b" };
  expect(parse({ issue: ISSUE, repository, ...payload }, headers)).toEqual({
    ticketId: "a~b~42",
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    ticket: body === null ? null : { subject: "T", body, format: "markdown", locale: null },
  });
});

const pages: [comments: number, on: number, read: number[]][] = [
  [0, 1, [1]],
  [99, 1, [1]],
  [100, 1, [2, 1]],
  [100, 2, [2, 1]],
  [250, 3, [3, 2]],
  [250, 2, [3, 2]],
];

test.each(pages)(
  "of %i comments, ours on page %i is found: it reads %j",
  async (comments, on, read) => {
    const ours = { id: 9, body: `Hello\n\n<!-- ${POSTING.marker} -->`, user: null };
    const calls = answer(({ url }) => {
      const page = new URL(url).searchParams.get("page");
      if (page === null) return Response.json({ ...ISSUE, comments });
      return Response.json(page === String(on) ? [{ id: 8, body: null }, ours] : []);
    });
    const settled = await connection.deliverComment(POSTING, SECOND_TRY);
    expect(settled).toEqual({ outcome: "posted", commentId: "9" });
    const asked = calls.map(({ url }) => new URL(url).searchParams.get("page"));
    expect(asked).toEqual([null, ...read.map(String)]);
  },
);

const labels: [tags: string | undefined, given: string[], set: string[] | null][] = [
  [undefined, ["error-hresult", "contact-microsoft"], ["error-hresult", "contact-microsoft"]],
  ["on", ["error-hresult"], ["error-hresult"]],
  ["on", [], null],
  ["off", ["error-hresult"], null],
];

test.each(labels)("GITHUB_TAGS %j, tags %j: sets the labels %j first", async (on, tags, set) => {
  const { GITHUB_TAGS: _, ...env } = ENV;
  const setting = on && { GITHUB_TAGS: on };
  const calls = answer(({ url }) => Response.json(/labels$/.test(url) ? [] : { id: 1 }));
  const posting = { ...POSTING, comment: { ...POSTING.comment, tags } };
  await connect("github", { ...env, ...setting }).deliverComment(posting, FIRST_TRY);
  const url = "https://api.github.com/repos/example-desk/windows.help/issues/42";
  expect(calls.map((call) => call.url)).toEqual([
    ...(set ? [`${url}/labels`] : []),
    `${url}/comments`,
  ]);
  if (set) expect(calls[0]?.body).toEqual({ labels: set });
});

test.each(["https://ghes.example/api/v3", "https://ghes.example/api/v3/"])(
  "GITHUB_URL %j may have a path",
  async (url) => {
    const calls = answer(() => Response.json({ id: 1 }));
    expect(await connect("github", { ...ENV, GITHUB_URL: url }).check?.("public")).toEqual([]);
    expect(calls.map((call) => call.url)).toEqual(["https://ghes.example/api/v3/user"]);
  },
);

const scopes: [scopes: string | null, isMissing: boolean][] = [
  [null, false],
  ["repo", false],
  ["gist, repo", false],
  ["public_repo, read:user", false],
  ["", true],
  ["gist", true],
  ["repo:status", true],
  ["read:repo_hook", true],
];

test.each(scopes)("with the token scopes %j a right is missing: %s", async (told, missing) => {
  const headers = told === null ? {} : { "x-oauth-scopes": told };
  answer(() => Response.json({ id: 1 }, { headers }));
  expect(await connection.check?.("public")).toHaveLength(missing ? 1 : 0);
});

test("a payload in a form is read and verified", async () => {
  const payload = { action: "opened", issue: ISSUE, repository: { full_name: "a/b" } };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-github-event": "issues",
    "x-hub-signature-256": await sign(ENV.GITHUB_SECRETS, body),
  };
  const verified = await connection.verify(toDelivery({ headers, body }));
  expect(connection.parse(verified)).toMatchObject({ ticketId: "a~b~42", ticket: { body: "B" } });
});

test("a form without a payload is payload_invalid", () => {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect(() => connection.parse(toDelivery({ headers, body: "x=1" }))).toThrow(
    expect.objectContaining({ code: "payload_invalid" }),
  );
});

const FLAG = "contact-microsoft";
const stale: [edits: boolean, own: string[], onIssue: string[], removes: boolean, why: string][] = [
  [true, ["error-hresult"], ["error-hresult", FLAG], true, "it no longer holds"],
  [true, ["error-hresult", FLAG], ["error-hresult", FLAG], false, "it holds"],
  [true, ["error-hresult"], ["error-hresult"], false, "it is not there"],
  [false, ["error-hresult"], ["error-hresult", FLAG], false, "a person set it: no edit"],
];

test.each(stale)("edits: %s, tags %j, labels %j: removes the flag: %s: %s", async (...row) => {
  const [edits, tags, onIssue, removes] = row;
  const calls = answer(({ url }) =>
    Response.json(/labels/.test(url) ? onIssue.map((name) => ({ name })) : { id: 9 }),
  );
  const posting = { ...POSTING, comment: { ...POSTING.comment, tags } };
  const replaces = edits ? ({ commentId: "9", visibility: "public" } as const) : null;
  await connection.deliverComment(posting, { ...FIRST_TRY, replaces });
  const removed = calls.filter(({ method }) => method === "DELETE").map(({ url }) => url);
  const label = "/repos/example-desk/windows.help/issues/42/labels/contact-microsoft";
  expect(removed).toEqual(removes ? [`https://api.github.com${label}`] : []);
});

describe("a GitHub App", () => {
  const PEM_KINDS = ["pkcs1", "pkcs8"] as const;

  /** A key as `openssl genrsa` makes one, in either form, and what checks its signatures. */
  function makeKey(type: (typeof PEM_KINDS)[number]) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return { pem: privateKey.export({ type, format: "pem" }).toString(), publicKey };
  }

  function connectApp(pem: string) {
    const { GITHUB_TOKEN: _, ...env } = ENV;
    return freshConnection("github", { ...env, GITHUB_APP_ID: "123", GITHUB_PRIVATE_KEY: pem });
  }

  /** Answers as GitHub does: tokens hold an hour. */
  function serve() {
    let given = 0;
    return answer(({ url }) => {
      if (url.endsWith("/installation")) return Response.json({ id: 55 });
      if (url.endsWith("/access_tokens")) {
        const expires_at = new Date(Date.now() + 3_600_000).toISOString();
        return Response.json({ token: `ghs_${++given}`, expires_at }, { status: 201 });
      }
      if (url.endsWith("/app")) return Response.json({ permissions: { issues: "read" } });
      return Response.json(/labels/.test(url) ? [] : { id: 9 });
    });
  }

  test.each(PEM_KINDS)(
    "signs in with a key of %s, and comments as its installation",
    async (kind) => {
      const { pem, publicKey } = makeKey(kind);
      const calls = serve();
      const app = connectApp(pem);
      await app.deliverComment(POSTING, FIRST_TRY);
      await app.deliverComment(POSTING, FIRST_TRY);
      const paths = calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
      const repository = "/repos/example-desk/windows.help";
      expect(paths.slice(0, 4)).toEqual([
        `GET ${repository}/installation`,
        "POST /app/installations/55/access_tokens",
        `POST ${repository}/issues/42/labels`,
        `POST ${repository}/issues/42/comments`,
      ]);
      const sent = calls.map(({ headers }) => headers.authorization?.replace("Bearer ", "") ?? "");
      expect(new Set(sent.slice(2))).toEqual(new Set(["ghs_1"]));
      const [header = "", claims = "", signature = ""] = (sent[0] ?? "").split(".");
      const isValid = verify(
        "RSA-SHA256",
        Buffer.from(`${header}.${claims}`),
        publicKey,
        Buffer.from(signature, "base64url"),
      );
      expect(isValid).toBe(true);
      const { iat, exp, iss } = JSON.parse(Buffer.from(claims, "base64url").toString());
      expect(iss).toBe("123");
      expect(exp - iat).toBeLessThanOrEqual(600);
    },
  );

  test("each repository has a token of its own", async () => {
    const calls = serve();
    const app = connectApp(makeKey("pkcs8").pem);
    await app.deliverComment(POSTING, FIRST_TRY);
    await app.deliverComment({ ...POSTING, ticketId: "other~repo~1" }, FIRST_TRY);
    expect(calls.at(-1)?.headers.authorization).toBe("Bearer ghs_2");
  });

  test("reports when the app may not write", async () => {
    serve();
    const found = await connectApp(makeKey("pkcs8").pem).check?.("public");
    expect(found).toEqual([
      { kind: "fault", sentence: "The app lacks the permission Issues: read and write." },
    ]);
  });

  test("accepts a key with \\n instead of line breaks", async () => {
    serve();
    const pem = makeKey("pkcs1").pem.replaceAll("\n", "\\n");
    expect(await connectApp(pem).check?.("public")).toHaveLength(1);
  });

  const wrong: [pem: string, says: string][] = [
    ["secret", "the private key of a GitHub App, as PEM"],
    ["-----BEGIN PRIVATE KEY-----\n*secret*\n-----END PRIVATE KEY-----", "as PEM"],
    ["-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----", "as PEM"],
  ];

  test.each(wrong)("refuses the key %j: %s, and does not show it", (pem, says) => {
    expect(() => connectApp(pem)).toThrow(says);
    expect(() => connectApp(pem)).not.toThrow("secret");
  });

  test("a key that is not RSA is settings_invalid", async () => {
    const app = connectApp("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
    await expect(app.check?.("public")).rejects.toMatchObject({ code: "settings_invalid" });
  });
});

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paragraph, toLine } from "../../src/comment/comment.ts";
import { http } from "../../src/connectors/client/http.ts";
import type { Connection } from "../../src/connectors/connection.ts";
import { github } from "../../src/connectors/systems/github/github.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import fixture from "../fixtures/github.json" with { type: "json" };
import { endChildren, startChild } from "../scripts/child.ts";

const MODULES = join(import.meta.dirname, "node_modules");
/** All that we ask of GitHub. Its whole description takes Prism half a minute to read. */
const PATHS = [
  "/app",
  "/app/installations/{installation_id}/access_tokens",
  "/repos/{owner}/{repo}/installation",
  "/repos/{owner}/{repo}/issues/comments/{comment_id}",
  "/repos/{owner}/{repo}/issues/{issue_number}",
  "/repos/{owner}/{repo}/issues/{issue_number}/comments",
  "/repos/{owner}/{repo}/issues/{issue_number}/labels",
  "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
  "/user",
];

let folder: string;
let origin: string;

/** Prism answers as GitHub's description says, and refuses a request that does not fit it. */
beforeAll(async () => {
  const file = join(MODULES, "@octokit/openapi/generated/api.github.com.deref.json");
  const { paths, ...description } = JSON.parse(readFileSync(file, "utf8"));
  const own = PATHS.map((path) => [path, paths[path]] as const);
  expect(own.filter(([, operations]) => operations === undefined)).toEqual([]);
  folder = mkdtempSync(join(tmpdir(), "github-"));
  const small = join(folder, "github.json");
  const text = JSON.stringify({ ...description, paths: Object.fromEntries(own) });
  writeFileSync(small, JSON.stringify(JSON.parse(text, unwrapExample)));
  const prism = join(MODULES, ".bin/prism");
  const command = [
    process.execPath,
    prism,
    "mock",
    "--errors",
    "-h",
    "127.0.0.1",
    "-p",
    "0",
    small,
  ];
  origin = await startChild(command).until(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
}, 120_000);

afterAll(async () => {
  await endChildren();
  rmSync(folder, { recursive: true });
});

/** Two examples of GitHub's description stand in one value too many. */
function unwrapExample(_: string, value: unknown) {
  const isWrapped =
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    "x-github-breaking-changes" in value;
  return isWrapped ? value.value : value;
}

function connect(change: Record<string, string | undefined> = {}): Connection {
  const env = { ...fixture.env, GITHUB_URL: origin, ...change };
  const connection = github.connect(env, (url, init) => http(url, init));
  if (connection) return connection;
  throw new Error("not connected");
}

const TICKET = "octo-org~hello-world~1347";
const POSTING = {
  ticketId: TICKET,
  comment: {
    locale: "en",
    codes: [toHresult(0x80090029)],
    contactMicrosoft: false,
    tags: ["error-hresult"],
    catalogVersion: "0123456789ab",
    blocks: [paragraph("Hello")],
    footer: toLine("Catalog 0123456789ab"),
    shortened: toLine("Shortened"),
  },
  visibility: "public",
  marker: "hresult-0123456789abcdef0123456789abcdef",
  at: new Date(0),
} as const;
const EARLIER = {
  mayBePosted: false,
  outcomeUnknownUntil: new Date(0),
  replaces: null,
  editOnly: false,
  beforePosting: async () => {},
};

test("reads an issue as GitHub's description answers it", async () => {
  const ticket = await connect().readTicket?.(TICKET);
  expect(ticket).toMatchObject({ subject: expect.stringMatching(/\w/), format: "markdown" });
});

test("sets a label, posts a comment, and reads its id", async () => {
  const delivered = await connect().deliverComment(POSTING, EARLIER);
  expect(delivered).toEqual({ outcome: "posted", commentId: expect.stringMatching(/^\d+$/) });
});

test("edits its comment", async () => {
  const replaces = { commentId: "1", visibility: "public" } as const;
  const delivered = await connect().deliverComment(POSTING, { ...EARLIER, replaces });
  expect(delivered).toEqual({ outcome: "updated", commentId: "1" });
});

test("looks for its comment before it posts again", async () => {
  const delivered = await connect().deliverComment(POSTING, { ...EARLIER, mayBePosted: true });
  expect(delivered.outcome).toBe("posted");
});

test("the set-up check understands the user", async () => {
  expect(await connect().check?.("public")).toEqual([]);
});

test("a GitHub App signs in, and comments", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const app = connect({ GITHUB_TOKEN: undefined, GITHUB_APP_ID: "1", GITHUB_PRIVATE_KEY: pem });
  expect((await app.deliverComment(POSTING, EARLIER)).outcome).toBe("posted");
  expect(await app.check?.("public")).toBeDefined();
});

const wrong: [path: string, body: unknown][] = [
  ["comments", { text: "no body" }],
  ["comments", { body: 5 }],
  ["labels", { labels: "error-hresult" }],
];

test.each(wrong)("Prism refuses what does not fit: POST %s %j", async (path, body) => {
  const response = await fetch(`${origin}/repos/octo-org/hello-world/issues/1347/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer x" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(422);
});

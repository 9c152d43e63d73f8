import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../../src/worker/app.ts";
import {
  closeHarness,
  created,
  deliver,
  expectError,
  ORIGIN,
  openHarness,
  send,
  set,
  sign,
  TOKEN,
} from "../worker-harness.ts";

const MIB = 1024 * 1024;
const WEBHOOK = "/webhooks/standard";

beforeEach(async () => {
  await openHarness({}, null);
});
afterEach(closeHarness);

test("a delivery of 1 MiB is accepted", async () => {
  expect((await deliver(created().padEnd(MIB))).status).toBe(202);
});

const tooLarge: [path: string, why: string][] = [
  [WEBHOOK, "a delivery"],
  ["/scan", "a dry run"],
  ["/tickets/standard/T-1/enrich", "a re-trigger"],
];

test.each(tooLarge)(
  "POST %s with more than 1 MiB is answered 413 body_too_large: %s",
  async (path) => {
    const body = created().padEnd(MIB + 1);
    const headers = { ...sign(body), authorization: `Bearer ${TOKEN}` };
    await expectError(await send(path, { method: "POST", headers, body }), 413, "body_too_large");
  },
);

/** A delivery of GitLab, of which only the id is used; its proof is a token in a header. */
function sendGitlab(bytes: number) {
  set({
    GITLAB_URL: "https://gitlab.example",
    GITLAB_TOKEN: "glpat-0123456789abcdefghij",
    GITLAB_SECRETS: "a-token-of-the-webhook",
  });
  const event = {
    object_kind: "issue",
    project: { id: 7 },
    object_attributes: { iid: 42, action: "open", type: "Issue" },
  };
  const body = JSON.stringify(event).padEnd(bytes);
  const headers = { "x-gitlab-event": "Issue Hook", "x-gitlab-token": "a-token-of-the-webhook" };
  return send("/webhooks/gitlab", { method: "POST", headers, body });
}

test("a delivery of which only the id is used may have 4 MiB", async () => {
  expect((await sendGitlab(1_400_000)).status).toBe(202);
  expect((await sendGitlab(4 * MIB)).status).toBe(202);
  await expectError(await sendGitlab(4 * MIB + 1), 413, "body_too_large");
});

test("reading a body without content-length stops at the limit", async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 64 * 1024;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  const request = new Request(`${ORIGIN}${WEBHOOK}`, { method: "POST", body });
  expect(request.headers.has("content-length")).toBe(false);
  await expectError(await app.fetch(request, env), 413, "body_too_large");
  expect(sent).toBeLessThanOrEqual(MIB + 2 * 64 * 1024);
});

test("a delivery without content-length is accepted", async () => {
  const bytes = new TextEncoder().encode(created());
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, 10));
      controller.enqueue(bytes.slice(10));
      controller.close();
    },
  });
  const headers = sign(created());
  const request = new Request(`${ORIGIN}${WEBHOOK}`, { method: "POST", headers, body });
  expect((await app.fetch(request, env)).status).toBe(202);
});

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./process.ts";
import type { Suite } from "./suite.ts";
import { prepareWorker } from "./worker.ts";

const NAME = "zendesk";
const SECRET = "secret-of-the-webhook-0123";
const CLIENT = { client_id: "hresult-comments", client_secret: "secret-of-the-client" };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** A stand-in for Zendesk that gives out tokens by client credentials, and takes one back. */
async function startStub() {
  const asked: Asked[] = [];
  const comments: string[] = [];
  const stub = { asked, comments, given: 0, accepted: "", origin: "", close: () => server.close() };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "GET", url = "/", headers } = request;
    const { authorization = "" } = headers;
    asked.push({ method, path: url, authorization, body });
    const answer = (status: number, json: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));

    if (url === "/oauth/tokens") {
      stub.accepted = `token-${++stub.given}`;
      return answer(200, { access_token: stub.accepted, token_type: "bearer", expires_in: 1800 });
    }
    if (authorization !== `Bearer ${stub.accepted}`) return answer(401, { error: "invalid_token" });
    if (method === "PUT") {
      comments.push(body);
      return answer(200, { audit: { events: [{ id: comments.length, type: "Comment" }] } });
    }
    if (url.includes("/comments")) {
      return answer(200, { comments: [{ id: 1, html_body: "<p>PIN 0x80090029</p>" }] });
    }
    return answer(200, {
      ticket: { subject: "PIN", tags: [], updated_at: "2026-11-24T00:00:00Z" },
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  stub.origin = `http://127.0.0.1:${address.port}`;
  return stub;
}

/** A token that ends: no ticket system at hand gives one out, so a stand-in does. */
export const oauthStub: Suite = async (check, onEnd) => {
  const folder = await mkdtemp(join(tmpdir(), "hresult-e2e-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const stub = await startStub();
  onEnd(async () => {
    stub.close();
  });
  const worker = prepareWorker(folder, await freePort(), crypto.randomUUID());
  onEnd(() => worker.stop("SIGTERM"));
  await worker.start({
    ZENDESK_URL: stub.origin,
    ZENDESK_CLIENT_ID: CLIENT.client_id,
    ZENDESK_CLIENT_SECRET: CLIENT.client_secret,
    ZENDESK_SECRETS: SECRET,
  });

  const tell = async (id: string) => {
    const body = JSON.stringify({ ticket_id: id });
    const at = new Date().toISOString();
    const headers = {
      "x-zendesk-webhook-signature": createHmac("sha256", SECRET)
        .update(at + body)
        .digest("base64"),
      "x-zendesk-webhook-signature-timestamp": at,
    };
    const { status } = await worker.request(`/webhooks/${NAME}`, { method: "POST", headers, body });
    assert.equal(status, 202);
    await worker.untilRecord(NAME, id, ({ state }) => state === "done");
  };
  const grants = () => stub.asked.filter(({ path }) => path === "/oauth/tokens");

  await check("the Worker gets a token by its credentials, and comments with it", async () => {
    await tell("1");
    assert.deepEqual(
      grants().map(({ body }) => JSON.parse(body)),
      [{ grant_type: "client_credentials", ...CLIENT, scope: "read tickets:write" }],
    );
    assert.equal(stub.comments.length, 1);
  });

  await check("the next ticket takes the same token", async () => {
    await tell("2");
    assert.equal(grants().length, 1);
    assert.equal(stub.comments.length, 2);
  });

  await check(
    "a token that ended before its time is renewed, and no comment is lost or doubled",
    async () => {
      stub.accepted = "another";
      await tell("3");
      assert.equal(grants().length, 2);
      assert.equal(stub.comments.length, 3);
    },
  );

  await check("the secret of the client is in no log", async () => {
    await worker.stop("SIGTERM");
    assert.match(worker.log(), /ticket_done/);
    assert.ok(!worker.log().includes(CLIENT.client_secret));
  });
};

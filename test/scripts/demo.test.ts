import { get } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DemoTicketSystem, startDemoTicketSystem } from "../../scripts/demo/ticket-system.ts";

let ticketSystem: DemoTicketSystem;

/** There is one ticket, T-1. No Worker is connected. */
beforeAll(async () => {
  ticketSystem = await startDemoTicketSystem(0);
  const body = new URLSearchParams({ subject: "件名", body: "0x80090029", locale: "ja" });
  const headers = { origin: ticketSystem.url.origin };
  await fetch(new URL("/tickets", ticketSystem.url), { method: "POST", headers, body });
});

afterAll(() => ticketSystem.stop());

test("the page says that no Worker is connected", async () => {
  expect(await (await fetch(ticketSystem.url)).text()).toContain("no Worker is connected");
});

test("a comment that is sent twice is stored once", async () => {
  const [first, second] = [await comment("T-1", "hresult-1"), await comment("T-1", "hresult-1")];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await second.json()).toEqual(await first.json());
  expect(ticketSystem.commentsOf("T-1")).toHaveLength(1);
});

test("a signed GET is answered with the ticket", async () => {
  const url = ticketUrl("STANDARD_TICKET_URL", "T-1");
  const answer = await fetch(url, { headers: sign("fetch-1", "") });
  expect(await answer.json()).toEqual({
    ticket: {
      ...{ id: "T-1", subject: "件名", body: "0x80090029", format: "text", locale: "ja" },
      files: [],
    },
  });
});

test("a picture that is filed is a file of its ticket, at an address of its own", async () => {
  const data = new FormData();
  data.set("file", new File(["picture"], "画面.png", { type: "image/png" }));
  const headers = { origin: ticketSystem.url.origin };
  await fetch(new URL("/tickets", ticketSystem.url), { method: "POST", headers, body: data });
  const answer = await fetch(ticketUrl("STANDARD_TICKET_URL", "T-2"), { headers: sign("f-2", "") });
  const { files } = Object(await answer.json()).ticket;
  expect(files).toEqual([
    {
      name: "画面.png",
      size: 7,
      url: expect.stringMatching(/\/standard\/tickets\/pictures\/[0-9a-f-]{36}$/),
    },
  ]);
  expect(await (await fetch(files[0].url)).text()).toBe("picture");
  expect((await fetch(files[0].url.slice(0, -1))).status).toBe(404);
});

const refusals: [why: string, status: number, request: () => Promise<Response>][] = [
  ["a comment without signature", 401, () => comment("T-1", "hresult-2", { sign: false })],
  ["a comment on a ticket that does not exist", 404, () => comment("T-9", "hresult-3")],
  ["a comment with another payload", 422, () => comment("T-1", "hresult-4", { type: "ticket.x" })],
  ["a GET without signature", 401, () => fetch(ticketUrl("STANDARD_TICKET_URL", "T-1"))],
  ["a form that another site sends", 403, () => form("/tickets", "https://elsewhere.example")],
  ["a form without an origin", 403, () => form("/tickets/T-1/enrich", null)],
  ["a ticket without text", 422, () => form("/tickets", ticketSystem.url.origin)],
  [
    "a re-trigger of a ticket that does not exist",
    404,
    () => form("/tickets/T-9/enrich", ticketSystem.url.origin),
  ],
];

test.each(refusals)("%s is answered %i", async (_why, status, request) => {
  expect((await request()).status).toBe(status);
  expect(ticketSystem.commentsOf("T-1").length).toBeLessThanOrEqual(1);
});

test.each([
  ["elsewhere.example", 421],
  ["127.0.0.1.elsewhere.example", 421],
  ["localhost", 200],
])("a request for the host %s is answered %i", async (host, status) => {
  const answered = new Promise((resolve) => {
    get(ticketSystem.url.href, { headers: { host } }, (answer) =>
      resolve(answer.resume().statusCode),
    );
  });
  expect(await answered).toBe(status);
});

test("only the newest 50 tickets are kept", async () => {
  const { origin } = ticketSystem.url;
  for (let count = 0; count < 55; count++) await form("/tickets", origin, { body: "0x80090029" });
  const versions = await (await fetch(`${origin}/versions`)).json();
  expect(versions).toHaveLength(50);
});

function ticketUrl(name: string, id: string) {
  return ticketSystem.variables[name]?.replace("{id}", id) ?? "";
}

function sign(id: string, body: string): Record<string, string> {
  const now = new Date();
  const signature = new Webhook(ticketSystem.variables.STANDARD_SECRETS ?? "").sign(id, now, body);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
}

function comment(ticketId: string, id: string, options: { sign?: boolean; type?: string } = {}) {
  const data = {
    ...{ ticketId, visibility: "internal", locale: "ja", codes: ["0x80090029"] },
    contactMicrosoft: false,
    comment: { text: "文", markdown: "文", html: "<p>文</p>" },
  };
  const body = JSON.stringify({ type: options.type ?? "ticket.comment", data });
  const headers = options.sign === false ? {} : sign(id, body);
  return fetch(ticketUrl("STANDARD_COMMENT_URL", ticketId), { method: "POST", headers, body });
}

function form(path: string, origin: string | null, fields: Record<string, string> = {}) {
  const headers = origin === null ? {} : { origin };
  const init = { method: "POST", headers, body: new URLSearchParams(fields) };
  return fetch(new URL(path, ticketSystem.url), init);
}

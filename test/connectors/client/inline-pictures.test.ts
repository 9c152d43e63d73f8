import { afterEach, expect, test, vi } from "vitest";
import { pictureAddresses } from "../../../src/connectors/client/inline-pictures.ts";
import { connect } from "../../../src/connectors/index.ts";
import zammad from "../../fixtures/zammad.json";
import zendesk from "../../fixtures/zendesk.json";

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['<img src="/a.png">', ["/a.png"]],
  ["<p><IMG alt='x' SRC='cid:1@x' width=3>", ["cid:1@x"]],
  ['<img src="/a?b=1&amp;c=2"><img src="/a?b=1&amp;c=2">', ["/a?b=1&c=2"]],
  ['<image src="/a.png"><imgsrc="/b.png"> img src="/c.png"', []],
  ["<img>", []],
])("%s has the pictures %j", (html, addresses) => {
  expect(pictureAddresses(html)).toEqual(addresses);
});

test("a text of nothing but beginnings of pictures takes no time", () => {
  expect(pictureAddresses("<img ".repeat(400_000))).toEqual([]);
});

const HTML = (address: string) => `<p>See</p><img src="${address}">`;
const reader = { read: async () => ({ kind: "read", lines: ["0x80070005"] }) as const };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The addresses that are asked for to read the pictures of a ticket, without those of its list. */
async function fetched(
  name: string,
  env: Record<string, string>,
  answers: (path: string) => unknown,
) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: URL) => {
    const answer = answers(url.pathname);
    if (answer) return Response.json(answer);
    asked.push(url.href);
    return new Response(PNG);
  });
  await connect(name, env).readPictures?.("81", reader);
  return asked;
}

const inZammad: [why: string, address: string, isFetched: boolean][] = [
  ["of this article", "/api/v1/ticket_attachment/81/104/177?view=inline", true],
  ["of this article, without a view", "/api/v1/ticket_attachment/81/104/177", true],
  ["of another ticket", "/api/v1/ticket_attachment/82/104/177?view=inline", false],
  ["of another article", "/api/v1/ticket_attachment/81/105/177", false],
  ["another route", "/api/v1/signout", false],
  ["with a path that goes up", "/api/v1/ticket_attachment/81/104/177/../../../../users/1", false],
  ["of another host", "https://evil.example/api/v1/ticket_attachment/81/104/177", false],
  ["of another host without a scheme", "//evil.example/api/v1/ticket_attachment/81/104/177", false],
  ["by its Content-ID", "cid:image001@01DB", false],
  ["as data", "data:image/png;base64,iVBORw0KGgo=", false],
];

test.each(inZammad)("Zammad: a picture %s is fetched: %s %s", async (_, address, isFetched) => {
  const article = {
    id: 104,
    internal: false,
    sender: "Customer",
    content_type: "text/html",
    body: HTML(address),
    attachments: [],
  };
  const asked = await fetched("zammad", zammad.env, (path) => {
    if (path.endsWith("/tickets/81")) return { title: "x", customer_id: 8 };
    if (path.endsWith("/users/8")) return { preferences: {} };
    if (path.endsWith("/tags")) return { tags: [] };
    return path.endsWith("/by_ticket/81") ? [article] : null;
  });
  expect(asked).toEqual(
    isFetched ? ["https://zammad.example/api/v1/ticket_attachment/81/104/177"] : [],
  );
});

const ZENDESK = new URL(zendesk.env.ZENDESK_URL).origin;
const inZendesk: [why: string, address: string, isFetched: boolean][] = [
  ["of Zendesk itself", `${ZENDESK}/attachments/token/Abc123/?name=image.png`, true],
  ["of another host", "https://evil.example/attachments/token/Abc123/?name=image.png", false],
  ["of a host that begins alike", `${ZENDESK}.evil.example/attachments/token/Abc123/`, false],
  ["over http", `${ZENDESK.replace("https", "http")}/attachments/token/Abc123/`, false],
  ["another route", `${ZENDESK}/api/v2/tickets/81.json`, false],
  ["with a path that goes up", `${ZENDESK}/attachments/token/../../api/v2/users/me`, false],
];

test.each(inZendesk)("Zendesk: a picture %s is fetched: %s %s", async (_, address, isFetched) => {
  const asked = await fetched("zendesk", zendesk.env, (path) => {
    if (/\/tickets\/81$/.test(path)) {
      return { ticket: { subject: "x", requester_id: 1, tags: [], updated_at: "" }, users: [] };
    }
    const comment = { id: "1", public: true, html_body: HTML(address), attachments: [] };
    return path.endsWith("/comments") ? { comments: [comment] } : null;
  });
  expect(asked).toEqual(isFetched ? [address] : []);
});

import { createClient } from "node-zendesk";
import type {
  CreateOrUpdateTicket,
  Ticket,
  TicketComment,
} from "node-zendesk/clients/core/tickets";
import type { User } from "node-zendesk/clients/core/users";
import { expect, test } from "vitest";
import fixture from "../fixtures/zendesk.json" with { type: "json" };

const { env, delivery, posted, found, fetched, checked } = fixture;

/** What the published client sends in place of ours. */
async function sentBy(call: (client: ReturnType<typeof createClient>) => Promise<unknown>) {
  const calls: { method: string; url: string; authorization: string; body: unknown }[] = [];
  const client = createClient({
    username: env.ZENDESK_USER,
    token: env.ZENDESK_TOKEN,
    endpointUri: `${env.ZENDESK_URL}/api/v2`,
    transportConfig: {
      transportFn: (url: string, { method, headers, body }: Sent) => {
        const content: unknown = body === undefined ? undefined : JSON.parse(body);
        calls.push({ method, url, authorization: headers.Authorization, body: content });
        throw new Error("nothing is sent");
      },
    },
  });
  await call(client).catch(() => null);
  return calls;
}

interface Sent {
  readonly method: string;
  readonly headers: { readonly Authorization: string };
  readonly body?: string;
}

interface Recorded {
  readonly method?: string;
  readonly url: string;
  readonly headers?: object;
  readonly body?: unknown;
}

/** The same as a client would call it: it adds `.json`, and leaves the query to its caller. */
function toCall({ method = "GET", url, headers, body }: Recorded) {
  const { authorization = "" } = (headers ?? {}) as { authorization?: string };
  return { method, url: `${url.replace(/\?.*/, "")}.json`, authorization, body };
}

/** `tsc` refuses it here when a field has another name or another type. */
const UPDATE = {
  ticket: {
    comment: {
      html_body: "<p>Hello</p>\n<p>Catalog 1</p>\n<p>hresult-0123456789abcdef0123456789abcdef</p>",
      public: false,
    },
    tags: ["pin", "error-hresult"],
    safe_update: true,
    updated_stamp: "2026-11-24T00:25:24Z",
  },
} satisfies CreateOrUpdateTicket;

const ID = Number(fixture.event.ticketId);
const calls: [why: string, recorded: Recorded | undefined, call: Parameters<typeof sentBy>[0]][] = [
  ["comment and tags go together", posted.requests[1], ({ tickets }) => tickets.update(ID, UPDATE)],
  ["tags are read first", posted.requests[0], ({ tickets }) => tickets.show(ID)],
  ["a ticket is read", fetched.requests[0], ({ tickets }) => tickets.show(ID)],
  ["its comments are read", fetched.requests[1], ({ tickets }) => tickets.getComments(ID)],
  ["our comment is looked for", found.requests[0], ({ tickets }) => tickets.getComments(ID)],
  ["the set-up is checked", checked.requests[0], ({ users }) => users.me()],
];

test.each(calls)("the published client sends what we recorded: %s", async (_, recorded, call) => {
  expect(await sentBy(call)).toEqual([toCall(recorded ?? { url: "" })]);
});

/** A published type whose texts may be any, since JSON knows no set of words. */
type Loose<T> = T extends string
  ? string
  : T extends readonly (infer Each)[]
    ? Loose<Each>[]
    : T extends object
      ? { [Name in keyof T]?: Loose<T[Name]> }
      : T;

/** For `tsc`: takes a recorded answer only if all its fields have published names and types. */
function hold<Published>() {
  type NoOther<T> = { readonly [Name in Exclude<keyof T, keyof Published>]: never };
  return <T extends Loose<Published>>(...recorded: readonly (T & NoOther<T>)[]) => recorded.length;
}

type Body<Exchanges extends readonly { readonly answer: { readonly body?: unknown } }[]> =
  NonNullable<Exchanges[number]["answer"]["body"]>;

/** All answers of some requests which bear this field. */
function answers<
  const Name extends string,
  Exchanges extends readonly { readonly answer: { readonly body?: unknown } }[],
>(name: Name, requests: Exchanges) {
  const bodies = requests.map(({ answer }) => answer.body);
  return bodies.filter(
    (body) => typeof body === "object" && body !== null && name in body,
  ) as Extract<Body<Exchanges>, { [Key in Name]: object }>[];
}

test("the answers have the fields that are published", () => {
  const shown = answers("ticket", [...fetched.requests, ...posted.requests]);
  expect(hold<Ticket>()(...shown.map(({ ticket }) => ticket))).toBe(3);
  const users = answers("users", fetched.requests).flatMap((each) => each.users);
  expect(hold<User>()(...users)).toBe(2);
  const pages = answers("comments", [...fetched.requests, ...found.requests]);
  const comments = pages.flatMap((each) => each.comments);
  expect(hold<TicketComment>()(...comments)).toBe(7);
  const files = comments.flatMap(({ attachments }) => attachments);
  expect(hold<NonNullable<TicketComment["attachments"]>[number]>()(...files)).toBe(6);
});

/** @see https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events */
const ENVELOPE = "account_id detail event id subject time type zendesk_event_version".split(" ");
const DETAIL =
  "actor_id assignee_id brand_id created_at custom_status description external_id form_id group_id id is_public organization_id priority requester_id status subject submitter_id tags type updated_at via".split(
    " ",
  );

test("the recorded event has the documented fields, and ids as texts", () => {
  const event: { detail: Record<string, unknown> } = JSON.parse(delivery.body);
  expect(Object.keys(event).sort()).toEqual(ENVELOPE);
  expect(Object.keys(event.detail).sort()).toEqual(DETAIL);
  expect(event.detail.id).toBe(fixture.event.ticketId);
});

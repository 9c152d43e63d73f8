import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import fixture from "../fixtures/glpi.json";

/**
 * There is no package with GLPI's contract, so this is one of our own, read out of its source: of
 * the signature, the routes, and the fields of each kind of thing in the high-level API 2.
 *
 * @see https://github.com/glpi-project/glpi/blob/main/src/Webhook.php
 * @see https://github.com/glpi-project/glpi/blob/main/src/Glpi/Api/HL/Controller/ITILController.php
 */
const COMMON = [
  "id name content is_deleted category location urgency impact priority actiontime",
  "date_creation date_mod date status entity team",
].join(" ");

/** What a webhook may send as an item, by its kind. */
const ITEMS = {
  Ticket: `${COMMON} type external_id request_type`,
  Change: COMMON,
  Problem: COMMON,
  Followup:
    "id itemtype items_id content is_private user user_editor request_type date_creation date_mod",
  TicketTask: "id content is_private user user_editor duration state category tickets_id",
  Solution: "id itemtype items_id content user user_editor",
  Validation:
    "id requester approver requested_approver_type requested_approver_id submission_comment approval_comment status submission_date approval_date tickets_id",
  /** As all assets: with a type, and without an urgency. */
  Computer: "id name comment status location entity type manufacturer model serial",
} as const;

/** The routes that the Worker may use, and what each answers. */
const ROUTES: Readonly<Record<string, RegExp>> = {
  token: /^POST \/api\.php\/token$/,
  tickets: /^GET \/api\.php\/v2\/Assistance\/Ticket\?limit=1$/,
  ticket: /^GET \/api\.php\/v2\/Assistance\/Ticket\/\d+$/,
  timeline: /^GET \/api\.php\/v2\/Assistance\/Ticket\/\d+\/Timeline\/Followup$/,
  create: /^POST \/api\.php\/v2\/Assistance\/Ticket\/\d+\/Timeline\/Followup$/,
  followup: /^GET \/api\.php\/v2\/Assistance\/Ticket\/\d+\/Timeline\/Followup\/\d+$/,
  change: /^PATCH \/api\.php\/v2\/Assistance\/Ticket\/\d+\/Timeline\/Followup\/\d+$/,
};

interface Recorded {
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly answer: { readonly body: unknown };
}

const { delivery, env, posted, found, edited, fetched, checked } = fixture;
const requests: Recorded[] = [posted, found, edited, fetched, checked].flatMap(
  (each) => each.requests as Recorded[],
);

function routeOf({ method = "GET", url }: Recorded) {
  const told = `${method} ${url.replace(env.GLPI_URL, "")}`;
  return Object.keys(ROUTES).find((name) => ROUTES[name]?.test(told)) ?? told;
}

const of = (route: string) => requests.filter((each) => routeOf(each) === route);
const fieldsOf = (value: unknown) => Object.keys(value as object).sort();
const words = (text: string) => text.split(" ").sort();

test("the signature is an HMAC over the body and then the time, as bare hex", () => {
  const [secret = ""] = env.GLPI_SECRETS.split(",");
  const { "x-glpi-signature": signature, "x-glpi-timestamp": time } = delivery.headers;
  const hmac = createHmac("sha256", secret).update(delivery.body + time);
  expect(signature).toBe(hmac.digest("hex"));
  expect(secret, "as GLPI makes one").toMatch(/^[A-Za-z0-9]{40}$/);
});

test("the body is JSON as PHP prints it", () => {
  expect(delivery.body).toMatch(/^\{\n {4}"item": \{\n {8}"id": \d+,/);
  expect(delivery.body).toMatch(/,\n {4}"event": "new"\n\}$/);
  expect(delivery.body).not.toMatch(/[^\n -~]|[^\\]\//);
});

test("what is delivered and read is a ticket", () => {
  const { item, event, ...more } = JSON.parse(delivery.body);
  expect([event, more]).toEqual(["new", {}]);
  expect(fieldsOf(item)).toEqual(words(ITEMS.Ticket));
  expect(of("ticket").map(({ answer }) => answer.body)).toEqual([item]);
});

/** The rule by which the connector knows a ticket. */
test("a ticket alone has a type and an urgency", () => {
  const both = Object.entries(ITEMS).filter(([, fields]) => {
    const all = words(fields);
    return all.includes("type") && all.includes("urgency");
  });
  expect(both.map(([kind]) => kind)).toEqual(["Ticket"]);
});

test("every request goes to a route of GLPI, and to each of them goes one", () => {
  expect([...new Set(requests.map(routeOf))].sort()).toEqual(Object.keys(ROUTES).sort());
});

test("a login is a form with the fields of the password grant", () => {
  expect(of("token")).toHaveLength(5);
  for (const { headers, body, answer } of of("token")) {
    expect(headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(body).toMatchObject({ grant_type: "password", scope: "api" });
    const fields = "grant_type client_id client_secret username password scope";
    expect(fieldsOf(body)).toEqual(words(fields));
    expect(fieldsOf(answer.body)).toEqual(
      words("token_type expires_in access_token refresh_token"),
    );
  }
});

test("every other request bears the token that the login gave", () => {
  for (const request of requests.filter((each) => routeOf(each) !== "token")) {
    expect(request.headers.authorization).toBe("Bearer eyJ0eXAiOiJKV1QifQ.e30.c2lnbmF0dXJl");
  }
});

test("a timeline is a list of followups in their wrapping", () => {
  for (const { answer } of of("timeline")) {
    for (const entry of answer.body as { type: string; item: object }[]) {
      expect([entry.type, fieldsOf(entry)]).toEqual(["Followup", ["item", "type"]]);
      expect(fieldsOf(entry.item)).toEqual(words(ITEMS.Followup));
    }
  }
});

test("a new followup has fields of a followup, and is answered with its id and place", () => {
  const [{ body, headers, answer } = { body: {}, headers: {}, answer: { body: {} } }] =
    of("create");
  // GLPI reads JSON only under this very name.
  expect(headers).toMatchObject({ "content-type": "application/json" });
  expect(words(ITEMS.Followup)).toEqual(expect.arrayContaining(fieldsOf(body)));
  expect(body).toMatchObject({ is_private: true });
  expect(answer.body).toEqual({ id: 61, href: "/Assistance/Ticket/57/Timeline/Followup/61" });
});

test("a followup is looked at and changed as one, and stays as private as it is", () => {
  for (const { answer } of [...of("followup"), ...of("change")]) {
    expect(fieldsOf(answer.body)).toEqual(words(ITEMS.Followup));
  }
  expect(of("change").map(({ body }) => fieldsOf(body))).toEqual([["content"]]);
});

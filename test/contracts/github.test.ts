import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { describe, expect, test } from "vitest";
import { github } from "../../src/connectors/systems/github/github.ts";
import type { VerifiedDelivery } from "../../src/webhook/delivery.ts";
import fixture from "../fixtures/github.json" with { type: "json" };

const PACKAGES = join(import.meta.dirname, "node_modules", "@octokit");

function read<T>(path: string, revive?: (name: string, value: unknown) => unknown): T {
  return JSON.parse(readFileSync(join(PACKAGES, path), "utf8"), revive);
}

/** Nothing here calls GitHub. */
const connection = github.connect(fixture.env, () => Promise.reject(new Error("a call")));

const followed = github.connect({ ...fixture.env, FOLLOW_UPS: "on" }, () =>
  Promise.reject(new Error("a call")),
);

function parse(event: string, payload: unknown, connected = connection) {
  const body = new TextEncoder().encode(JSON.stringify(payload));
  const delivery = { headers: new Headers({ "x-github-event": event }), body };
  return connected?.parse(delivery as unknown as VerifiedDelivery);
}

interface Recorded {
  readonly action?: string;
  readonly issue?: {
    readonly number: number;
    readonly title: string;
    readonly body: string | null;
    readonly user?: { readonly id?: number };
    readonly pull_request?: object;
  };
  readonly comment?: { readonly user?: { readonly id?: number; readonly type?: string } };
  readonly repository?: { readonly full_name: string };
  readonly changes?: object;
}

const SERVERS: [server: string, opened: number][] = [
  ["api.github.com", 4],
  ["ghes-31", 0],
  ["ghes-32", 0],
  ["ghes-33", 0],
  ["ghes-34", 1],
  ["ghes-35", 1],
];

describe.each(SERVERS)("the payloads recorded at %s", (server, count) => {
  const events = read<{ name: string; examples: Recorded[] }[]>(
    `webhooks-examples/${server}/index.json`,
  );
  const payloads = events.flatMap(({ name, examples }) =>
    examples.map((payload) => [name, payload.action ?? "", payload] as const),
  );
  const isNew = ([name, action]: (typeof payloads)[number]) =>
    name === "issues" && action === "opened";

  test.each(payloads.filter((each) => !isNew(each)))("%s %s is ignored", (name, _, payload) => {
    const ignored = name === "issues" ? "another event" : "no event of an issue";
    const isComment = name === "issue_comment";
    expect(parse(name, payload)).toEqual({ ignored: isComment ? expect.any(String) : ignored });
  });

  const messages = payloads.filter(([name]) => name === "issue_comment");
  test.each(messages)(
    "%s %s is a follow-up only when the issue's author wrote it",
    (name, ...rest) => {
      const [action, payload] = rest;
      const { issue, comment } = payload;
      const isAuthor = comment?.user?.id !== undefined && comment.user.id === issue?.user?.id;
      const isMessage = action === "created" && isAuthor && comment.user.type === "User";
      const event = parse(name, payload, followed) ?? {};
      expect("isFollowUp" in event).toBe(isMessage && issue?.pull_request === undefined);
    },
  );

  test("an opened issue is a ticket", () => {
    const opened = payloads.filter(isNew);
    expect(opened).toHaveLength(count);
    for (const [name, , payload] of opened) {
      const { issue, repository, changes } = payload;
      const path = repository?.full_name.toLowerCase().replace("/", "~");
      const ticket = { subject: issue?.title, body: issue?.body ?? "" };
      expect(parse(name, payload)).toMatchObject({
        ticketId: `${path}~${issue?.number}`,
        ticket: changes ? null : ticket,
      });
    }
  });
});

interface Operation {
  readonly parameters: readonly { readonly $ref?: string; readonly name?: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, { readonly name: string }>> };
}

const { posted, found, edited, fetched, checked } = fixture;
const EXCHANGES = Object.entries({ posted, found, edited, fetched, checked }).flatMap(
  ([why, { requests }]) =>
    requests.map((request) => ({ method: "GET", body: undefined, why, ...request })),
);

describe.each(["api.github.com", "ghes-3.17", "ghes-3.18", "ghes-3.19"])(
  "the description of %s",
  (server) => {
    const description = read<Description>(`openapi/generated/${server}.json`, spellNull);
    const ajv = new Ajv({ strict: false, allErrors: true, formats: fullFormats });
    ajv.addSchema(description, "github");

    /** What a value has that the schema at a place does not allow. */
    function faults(place: readonly string[], value: unknown) {
      const path = place.map((each) => each.replaceAll("~", "~0").replaceAll("/", "~1"));
      const validate = ajv.compile({ $ref: `github#/${path.map(encodeURIComponent).join("/")}` });
      return validate(value) ? [] : (validate.errors ?? []);
    }

    test("the delivery is as described", () => {
      const place = ["components", "schemas", "webhook-issues-opened"];
      expect(faults(place, JSON.parse(fixture.delivery.body))).toEqual([]);
      expect(faults(place, { action: "opened" })).not.toEqual([]);
    });

    test.each(EXCHANGES)("$why: $method $url", ({ method, url, body, answer }) => {
      const { pathname, searchParams } = new URL(url);
      const [path, operation] = operationOf(description, method, pathname);
      const place = ["paths", path, method.toLowerCase()];
      const json = ["content", "application/json", "schema"];

      const known = operation.parameters.map(({ $ref = "", name }) => {
        return name ?? description.components.parameters[$ref.replace(/^.*\//, "")]?.name;
      });
      expect(known).toEqual(expect.arrayContaining([...searchParams.keys()]));
      expect(body === undefined).toBe(operation.requestBody === undefined);
      if (body) expect(faults([...place, "requestBody", ...json], body)).toEqual([]);

      const status = "status" in answer ? String(answer.status) : "200";
      expect(Object.keys(operation.responses)).toContain(status);
      expect(faults([...place, "responses", status, ...json], answer.body)).toEqual([]);
      expect(faults([...place, "responses", status, ...json], "<html>")).not.toEqual([]);
    });
  },
);

/** What OpenAPI 3.0 calls `nullable`, in the words of JSON Schema. */
function spellNull(_: string, value: unknown) {
  if (typeof value !== "object" || value === null || !("nullable" in value)) return value;
  const { nullable, ...schema } = value;
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : value;
}

/** The one operation at a path; where a name stands in the path, anything may. */
function operationOf({ paths }: Description, method: string, pathname: string) {
  const [found, ...more] = Object.entries(paths).flatMap(([path, operations]) => {
    const operation = operations[method.toLowerCase()];
    const pattern = path.replaceAll(".", "\\.").replace(/\{[^}]*\}/g, "[^/]+");
    const fits = new RegExp(`^${pattern}$`).test(pathname);
    return operation && fits ? [[path, operation] as const] : [];
  });
  expect(more).toEqual([]);
  if (found === undefined) throw new Error(`no operation ${method} ${pathname}`);
  return found;
}

import { type Schema, Validator } from "@cfworker/json-schema";
import { expect } from "vitest";
import openapi from "../../src/worker/openapi.json" with { type: "json" };

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Content }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, { content: Content }>> };
}

const document = openapi as unknown as Document;

/** The named schemas, which here allow no field that they do not name. */
const components = close(document.components);

/**
 * Checks that an answer of the Worker is one that the document describes for the route: its status,
 * its type of content, and each field of its JSON. Pages of the console are left out.
 */
export async function expectDocumented(
  method: string,
  path: string,
  response: Response,
): Promise<void> {
  if (/^\/console(?:\/|$)/.test(path)) return;
  const { status } = response;
  const operation = operationOf(method, path);
  const route = `${method} ${path} ${status}`;
  const described = operation?.responses[status] ?? { $ref: `#/components/responses/${status}` };
  if (operation) expect(Object.keys(operation.responses), route).toContain(String(status));
  const content = described.$ref
    ? document.components.responses[status]?.content
    : described.content;
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  expect([type], route).toEqual(content ? Object.keys(content) : [""]);
  const schema = content?.[type]?.schema;
  if (type !== "application/json" || schema === undefined) return;
  const body: unknown = await response.json();
  const isFailure = body !== null && typeof body === "object" && "error" in body;
  const failure = document.components.responses[status]?.content[type]?.schema;
  const checked = isFailure && failure ? failure : schema;
  const { errors } = new Validator({ ...close(checked), components }).validate(body);
  expect(errors, route).toEqual([]);
}

/** What the document says of a request; undefined for a route that it does not know. */
function operationOf(method: string, path: string): Operation | undefined {
  const [, own] =
    Object.entries(document.paths).find(([each]) => {
      return new RegExp(`^${each.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
    }) ?? [];
  return own?.[method.toLowerCase()];
}

/** Forbids, in every object of a schema, fields that it does not name. */
function close<T>(schema: T): T {
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, close(value)]);
  if (Array.isArray(schema)) return entries.map(([, value]) => value) as T;
  const isClosed = "properties" in schema && !("allOf" in schema);
  return Object.fromEntries([...entries, ...(isClosed ? [["additionalProperties", false]] : [])]);
}

import * as z from "zod";
import { CONNECTORS } from "../../src/connectors/index.ts";
import { statusOf } from "../../src/failure.ts";
import { VERSION } from "../../src/version.ts";
import {
  type Answer,
  allFailures,
  failuresOf,
  OPERATIONS,
  type Operation,
  SCHEMAS,
} from "./operations.ts";

/**
 * Describes all routes for other programs, as OpenAPI 3.1. The schemas are those that parse the
 * requests and type the answers.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function describeApi() {
  return {
    openapi: "3.1.1",
    info: {
      title: "hresult-comments",
      summary: "Finds Windows error codes in helpdesk tickets and posts one comment",
      version: VERSION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths: describePaths(),
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      parameters: {
        connector: pathParameter("connector", { enum: CONNECTORS.map(({ name }) => name) }),
        ticketId: pathParameter("ticketId"),
        code: pathParameter("code"),
      },
      responses: describeFailures(),
      schemas: describeSchemas(),
    },
  };
}

function describePaths() {
  const operations = Object.entries(OPERATIONS).map(([route, operation]) => {
    const [method = "", path = ""] = route.split(" ");
    return { method, path, operation };
  });
  const byPath = Map.groupBy(operations, ({ path }) => path.replace(/:(\w+)/g, "{$1}"));
  return Object.fromEntries(
    [...byPath].map(([path, own]) => [
      path,
      {
        ...describePathParameters(path),
        ...Object.fromEntries(
          own.map(({ method, operation }) => [method.toLowerCase(), describeOperation(operation)]),
        ),
      },
    ]),
  );
}

function describePathParameters(path: string) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ $ref: `#/components/parameters/${name}` })) };
}

function pathParameter(name: string, schema: object = {}) {
  return { name, in: "path", required: true, schema: { type: "string", ...schema } };
}

function describeOperation(operation: Operation) {
  const { id, summary, access, query, body } = operation;
  return {
    operationId: id,
    summary,
    security: access === "token" ? [{ token: [] }] : [],
    ...(query && { parameters: queryParametersOf(query) }),
    ...(body && { requestBody: describeBody(body) }),
    responses: describeAnswers(operation),
  };
}

function describeBody({ schema, required, files = [] }: NonNullable<Operation["body"]>) {
  const binary = files.map((type) => [type, { schema: { type: "string", format: "binary" } }]);
  return { required, content: { ...json(schema), ...Object.fromEntries(binary) } };
}

function queryParametersOf(query: z.core.$ZodObject) {
  const { properties = {} } = z.toJSONSchema(query, OPTIONS);
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", schema }));
}

/** An answer of its own describes a status better than the failures that share it. */
function describeAnswers(operation: Operation) {
  const failures = failuresOf(operation).map((code) => {
    return [statusOf(code), { $ref: `#/components/responses/${statusOf(code)}` }] as const;
  });
  const answers = Object.entries(operation.answers).map(([status, answer]) => {
    return [status, describeAnswer(answer)] as const;
  });
  return Object.fromEntries<object>([...failures, ...answers]);
}

/** One response for each HTTP status with which a request fails. */
function describeFailures() {
  const byStatus = Map.groupBy(allFailures(), statusOf);
  const described = [...byStatus].map(([status, codes]) => {
    const error = { type: "string", enum: codes };
    const schema = { type: "object", required: ["error"], properties: { error } };
    const content = { "application/json": { schema } };
    return [status, { description: codes.join(", "), content }] as const;
  });
  return Object.fromEntries(described);
}

function describeAnswer({ description, content }: Answer) {
  if (content === null) return { description };
  const text = { "text/plain": { schema: { type: "string" } } };
  return { description, content: content === "text" ? text : json(content) };
}

function json(schema: z.core.$ZodType) {
  const [name] = Object.entries(SCHEMAS).find(([, each]) => each === schema) ?? [];
  return { "application/json": { schema: name === undefined ? {} : { $ref: toUri(name) } } };
}

function toUri(name: string) {
  return `#/components/schemas/${name}`;
}

/** Describes the named schemas. Where one stands in another, the other refers to it. */
function describeSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: toUri });
  const described = Object.entries(schemas).map(([name, schema]) => {
    const { $id, $schema, ...rest } = schema;
    return [name, rest] as const;
  });
  return Object.fromEntries(described);
}

const OPTIONS = {
  /** What may be sent. An answer has no defaults and is the same either way. */
  io: "input",
  /** Leaves out what says nothing: the limits of a double, a pattern beside its format. */
  override({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) {
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
} as const;

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OPERATIONS, SCHEMAS } from "../../scripts/openapi/operations.ts";
import { FAILURE_CODES, statusOf } from "../../src/failure.ts";
import { ROOT } from "../scripts/child.ts";
import { PAGES } from "./markdown.ts";

const page = PAGES.find(({ path }) => path === "docs/api.md");
const text = readFileSync(join(ROOT, "docs/api.md"), "utf8");

test("docs/api.md lists every route but the question that a ticket system may ask", () => {
  const routes = [...text.matchAll(/`(GET|POST|DELETE) (\/[\w:/.]+)`/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  expect([...new Set(routes)].sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test("docs/api.md names failures with their HTTP status, and no others", () => {
  const rows = [...text.matchAll(/^\| (\d{3}) \| ((?:`\w+`(?:, )?)+) \|/gm)];
  const named = rows.flatMap(([, status, codes = ""]) =>
    [...codes.matchAll(/\w+/g)].map(([code]) => [code, Number(status)]),
  );
  const table = FAILURE_CODES.map((code) => [code, statusOf(code)]);
  expect(table).toEqual(expect.arrayContaining(named));
  expect(named.length).toBeGreaterThan(10);
});

const examples: [heading: string, schema: keyof typeof SCHEMAS][] = [
  ["One ticket", "TicketRecord"],
  ["Dry run", "DryRun"],
  ["Catalog", "CodeDescription"],
  ["Health", "Readiness"],
];

test.each(examples)("the example below %s has the form of %s", (heading, schema) => {
  const [example] = (page?.blocks ?? []).filter(
    (each) => each.language === "json" && each.heading === heading,
  );
  const answer = JSON.parse(example?.text ?? "null");
  expect(SCHEMAS[schema].parse(answer)).toEqual(answer);
});

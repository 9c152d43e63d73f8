import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../scripts/child.ts";
import { PAGES } from "./markdown.ts";

const NAMES = PAGES.find(({ path }) => path === "docs/architecture.md")?.code ?? [];

test("every path that docs/architecture.md names is there", () => {
  const paths = NAMES.filter((each) => /^(?:src|scripts|test|catalog|docs)\/[\w./-]*$/.test(each));
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((each) => !existsSync(join(ROOT, each)))).toEqual([]);
});

test("docs/architecture.md says what each file of src/ledger is for", () => {
  const files = readdirSync(join(ROOT, "src", "ledger"));
  expect(files.filter((each) => !NAMES.includes(each))).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { connectedNames } from "../../src/connectors/index.ts";
import { ROOT, startChild } from "./child.ts";

/**
 * Files and folders into which README and docs tell people to write secrets, state or a catalog.
 */
const PRIVATE = [".dev.vars", "vars", "vars.production", "state/kv/x", "catalog.local/x.yaml"];

async function isIgnored(path: string) {
  return (await startChild(["git", "check-ignore", "--quiet", path]).result).code === 0;
}

test.each(PRIVATE)("git ignores %s", async (path) => {
  expect(await isIgnored(path)).toBe(true);
});

test("git does not ignore the example of a settings file", async () => {
  expect(await isIgnored(".dev.vars.example")).toBe(false);
});

test("the example of a settings file sets nothing and explains each variable", () => {
  const text = readFileSync(join(ROOT, ".dev.vars.example"), "utf8");
  const variables = parseEnv(text);
  expect(Object.keys(variables)).toContain("API_TOKENS");
  expect(Object.values(variables).filter(Boolean)).toEqual([]);
  expect(connectedNames(variables)).toEqual([]);
  const explained = [...text.matchAll(/^# .*\n(?<name>[A-Z_]+)=$/gm)];
  expect(explained.map(({ groups }) => groups?.name).sort()).toEqual(Object.keys(variables).sort());
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import * as z from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { connectedNames } from "../../src/connectors/index.ts";
import { ROOT, startChild } from "./child.ts";

const WranglerFile = z.object({
  secrets: z.object({ required: z.array(z.string()) }),
  kv_namespaces: z.array(z.object({ binding: z.string() })),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string() })) }),
});

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

const EXAMPLE = readFileSync(join(ROOT, ".dev.vars.example"), "utf8");
/** What the deploy button asks for. */
const ASKED = Object.keys(parseEnv(EXAMPLE));

test("the example of a settings file sets nothing and explains each variable", () => {
  const all = EXAMPLE.replaceAll(/^#(?=[A-Z_]+=$)/gm, "");
  const variables = parseEnv(all);
  expect(Object.values(variables).filter(Boolean)).toEqual([]);
  expect(connectedNames(variables)).toEqual([]);
  const explained = [...all.matchAll(/^# .*\n(?<name>[A-Z_]+)=$/gm)];
  expect(explained.map(({ groups }) => groups?.name).sort()).toEqual(Object.keys(variables).sort());
});

test("the deploy button asks for what every Worker needs, and package.json describes it", () => {
  expect(ASKED).toEqual(["API_TOKENS", "CONSOLE_PASSWORD"]);
  const { kv_namespaces, durable_objects, secrets } = WranglerFile.parse(
    parse(readFileSync(join(ROOT, "wrangler.toml"), "utf8")),
  );
  expect(ASKED).toEqual(expect.arrayContaining(secrets.required));
  const bindings = kv_namespaces.map(({ binding }) => binding);
  const objects = durable_objects.bindings.map(({ name }) => name);
  const described = Object.keys(packageJson.cloudflare.bindings);
  expect(described.sort()).toEqual([...ASKED, ...bindings, ...objects].sort());
});

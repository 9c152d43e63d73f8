import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ROOT } from "../scripts/child.ts";

const FOLDER = join(ROOT, "docs", "own-machine");
const SERVE = readFileSync(join(ROOT, "scripts", "serve.ts"), "utf8");

/** The instructions of the container file: `RUN` to what follows it, one for each line. */
const INSTRUCTIONS = readFileSync(join(FOLDER, "Containerfile"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => /^([A-Z]+) (.*)$/.exec(line)?.slice(1) ?? [line]);

/** The values of the unit by key; of a key that stands there twice, both. */
const UNIT = Map.groupBy(
  [...readFileSync(join(FOLDER, "hresult-comments.service"), "utf8").matchAll(/^(\w+)=(.*)$/gm)],
  ([, key]) => key,
);

function unitValues(key: string) {
  return (UNIT.get(key) ?? []).map(([, , value = ""]) => value);
}

function expectServe(command: readonly string[]) {
  const [npm, run, silent, serve, dashes, ...options] = command;
  expect(npm).toMatch(/(?:^|\/)npm$/);
  expect([run, silent, serve, dashes]).toEqual(["run", "--silent", "serve", "--"]);
  const names = options.filter((each) => each.startsWith("--"));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(SERVE, name).toMatch(new RegExp(`^ {2}${name} `, "m"));
}

test("the container file has instructions only, and copies files that are there", () => {
  const names = INSTRUCTIONS.map(([name]) => name);
  const known = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "STOPSIGNAL", "HEALTHCHECK"];
  expect([...known, "ENTRYPOINT"]).toEqual(expect.arrayContaining(names));
  for (const [, rest = ""] of INSTRUCTIONS.filter(([name]) => name === "COPY")) {
    for (const source of rest.split(" ").slice(0, -1)) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
    }
  }
});

test("the image brings the major version of Node that the project brings", () => {
  const [major] = packageJson.devDependencies.node.split(".");
  expect(INSTRUCTIONS[0]).toEqual(["FROM", `docker.io/library/node:${major}-bookworm-slim`]);
});

test.each(["ENTRYPOINT", "HEALTHCHECK"])("%s calls serve with options that it knows", (name) => {
  const [, rest = ""] = INSTRUCTIONS.find(([each]) => each === name) ?? [];
  expectServe(JSON.parse(rest.slice(rest.indexOf("["))));
});

test("the unit calls serve with options that it knows, and may write where it has to", () => {
  const [start = ""] = unitValues("ExecStart");
  expectServe(start.split(" "));
  const [folder = ""] = unitValues("WorkingDirectory");
  expect(unitValues("ReadWritePaths")).toEqual([`${folder}/.wrangler`]);
  const [state = ""] = unitValues("StateDirectory");
  expect(start).toContain(`--state /var/lib/${state} `);
});

test("secrets, state and tests stay out of the image", () => {
  const ignored = readFileSync(join(ROOT, ".dockerignore"), "utf8").trim().split("\n");
  expect(ignored).toEqual(expect.arrayContaining(["vars*", ".dev.vars", ".env", "state", ".git"]));
});

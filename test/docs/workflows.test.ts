import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { ROOT, startChild, temporaryFolder } from "../scripts/child.ts";

const Workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({ steps: z.array(z.object({ run: z.string().optional() })) }),
  ),
});

/** The script of the last step of a workflow. */
function scriptOf(name: string) {
  const { jobs } = Workflow.parse(parse(readFileSync(join(ROOT, "docs/workflows", name), "utf8")));
  return Object.values(jobs)[0]?.steps.at(-1)?.run ?? "";
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** What the workflow calls by these names only writes its arguments to a file. */
let programs: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  programs = join(folder.path, "programs");
  mkdirSync(programs);
  for (const name of ["gh", "npm"]) {
    const program = join(programs, name);
    writeFileSync(program, `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n`);
    chmodSync(program, 0o755);
  }
});

afterAll(() => folder.remove());

/** Runs a script as GitHub does: it ends with the first command that fails. */
async function run(script: string, cwd: string, env: Record<string, string> = {}) {
  const calls = join(folder.path, "calls");
  rmSync(calls, { force: true });
  writeFileSync(calls, "");
  const { code, output } = await startChild(["bash", "-e", "-c", script], {
    cwd,
    env: { CALLS: calls, PATH: `${programs}:${process.env.PATH}`, ...env },
  }).result;
  return { code, output, calls: readFileSync(calls, "utf8") };
}

function write(root: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const AS_ANYONE = "git config user.name a; git config user.email a@example.com";
const packageOf = (version: string) =>
  `{\n  "name": "x",\n  "version": "${version}",\n  "a": 1\n}\n`;

test("the workflow Upgrade opens one pull request, which keeps catalog.local and .github", async () => {
  const upstream = join(folder.path, "upstream");
  const origin = join(folder.path, "origin.git");
  const own = join(folder.path, "own");
  write(upstream, {
    "package.json": packageOf("1.0.0"),
    "src/removed.ts": "old",
    "catalog/a b.yaml": "old",
    ".github/workflows/ci.yml": "theirs",
  });
  const release = (version: string) =>
    `git add --all; git commit -qm ${version}; git tag v${version}`;
  await run(`git init -q; ${AS_ANYONE}; ${release("1.0.0")}`, upstream);
  // A copy without the history, as the button and a template make it.
  await run(
    `git init -q --bare ${origin}; mkdir ${own}; git archive v1.0.0 | tar -x -C ${own}`,
    upstream,
  );
  write(own, { "catalog.local/ours.yaml": "ours", ".github/workflows/ci.yml": "ours" });
  const push = `git push -q origin HEAD:main`;
  await run(
    `git init -q -b main; ${AS_ANYONE}; git add --all; git commit -qm own; git remote add origin ${origin}; ${push}`,
    own,
  );
  rmSync(join(upstream, "src"), { recursive: true });
  write(upstream, { "package.json": packageOf("1.10.0"), "src/new.ts": "new" });
  await run(release("1.10.0"), upstream);
  write(upstream, { "package.json": packageOf("2.0.0-rc.1") });
  await run(release("2.0.0-rc.1"), upstream);

  const upgrade = () => run(scriptOf("upgrade.yml"), own, { UPSTREAM: upstream });
  const first = await upgrade();
  expect(first).toMatchObject({ code: 0 });
  expect(first.calls).toContain("gh pr create --head upgrade/v1.10.0 --title Upgrade to v1.10.0");
  const tree = "git ls-tree -r --name-only upgrade/v1.10.0; git show upgrade/v1.10.0:package.json";
  const { output } = await run(tree, origin);
  expect(output.split("{")[0]?.trim().split("\n")).toEqual([
    ".github/workflows/ci.yml",
    "catalog.local/ours.yaml",
    "catalog/a b.yaml",
    "package.json",
    "src/new.ts",
  ]);
  expect(output).toContain('"version": "1.10.0"');
  expect((await run("git show upgrade/v1.10.0:.github/workflows/ci.yml", origin)).output).toBe(
    "ours",
  );

  await run("git switch -q main", own);
  expect(await upgrade()).toMatchObject({ code: 0, calls: "" });
  await run("git switch -q upgrade/v1.10.0", own);
  expect((await upgrade()).output).toContain("Nothing is newer than v1.10.0.");
});

test("the workflow Deploy passes the settings as they are, or leaves those of the Worker", async () => {
  const cwd = join(folder.path, "deploy");
  mkdirSync(cwd);
  const settings = `API_TOKENS=a\nX='$HOME "b" %s'`;
  const first = await run(scriptOf("deploy.yml"), cwd, { SETTINGS: settings });
  expect(first.calls).toBe("npm run deploy -- --vars vars\n");
  expect(readFileSync(join(cwd, "vars"), "utf8")).toBe(`${settings}\n`);
  const second = await run(scriptOf("deploy.yml"), cwd, { SETTINGS: "" });
  expect(second.calls).toBe("npm run deploy\n");
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScript, temporaryFolder } from "../child.ts";

// `npm run catalog`, as a person runs it on the project's own catalog.

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  temporary = await temporaryFolder();
});

afterAll(() => temporary.remove());

function run(...args: string[]) {
  return startScript("catalog.ts", args, { temporary: temporary.path }).result;
}

/** A folder of one's own with one file. */
async function ownFolder(name: string, text: string) {
  const folder = join(temporary.path, name);
  await mkdir(folder);
  await writeFile(join(folder, "windows-hello-pin.yaml"), text);
  return folder;
}

const SOUND = /^\d+ entries in \d+ topics: no problems$/m;

test("check says how much there is, and what an own folder replaces", async () => {
  const folder = await ownFolder(
    "ours",
    `escalate: { en: the PIN team }
codes: { "0x80090029": { cases: [{ steps: [prepare-tpm] }] } }
`,
  );
  const { code, stdout, stderr } = await run("check", "--catalog", folder);
  expect(stderr).toBe("");
  expect(stdout).toMatch(SOUND);
  // Whoever runs this may have a `catalog.local/`, of which there are lines, too.
  expect(stdout.split("\n")).toEqual(
    expect.arrayContaining([
      "ours/ adds to or replaces: windows-hello-pin",
      "ours/windows-hello-pin.yaml replaces in the topic windows-hello-pin: escalate",
      "ours/windows-hello-pin.yaml replaces in the topic windows-hello-pin: code 0x80090029: cases",
    ]),
  );
  expect(code).toBe(0);
});

test("check ends with the problems and an exit code", async () => {
  const folder = await ownFolder("slips", 'codes:\n  "53": { cases: [] }\n');
  const { code, stdout, stderr } = await run("check", "--catalog", folder);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    `The catalog has 1 problem:
  slips/windows-hello-pin.yaml:2 codes.53: write the Win32 error 53 as "0x80070035"
`,
  );
  expect(code).toBe(1);
});

test("a dry run of an upload says what it would do, and a wrong folder stops it", async () => {
  const state = join(temporary.path, "state");
  const { code, stdout } = await run("upload", "--local", state, "--dry-run");
  expect(stdout).toMatch(SOUND);
  expect(stdout).toContain(`to local state in ${state}\n`);
  expect(stdout).toMatch(/^added: \d+ \((?:[\w-]+ 0x[\w+?]+(?:, )?){5,}\)$/m);
  expect(stdout).toMatch(
    /^changed: 0\nremoved: 0\nversion [0-9a-f]{12}: nothing written: a dry run$/m,
  );
  expect(code).toBe(0);

  const nowhere = await run("upload", "--local", state, "--catalog", "no-such-folder");
  expect(nowhere.stderr).toMatch(/no-such-folder: there is no such folder$/m);
  expect(nowhere.code).toBe(1);
});

const usages: [args: string[], code: number][] = [
  [["--help"], 0],
  [[], 1],
  [["chek"], 1],
  [["check", "catalog"], 1],
  [["upload", "--remote", "--local", "x"], 1],
  [["upload", "--name", "x"], 1],
  [["upload", "--worker", "http://127.0.0.1:1"], 1],
];

test.each(usages)("%j shows how the command is used, and ends with %i", async (args, code) => {
  const result = await run(...args);
  expect(result.output).toMatch(/^npm run catalog -- check \[--catalog DIR\]…$/m);
  expect(result.output).toMatch(/^ {2}--allow-shrink {3}let the catalog lose /m);
  expect(result.code).toBe(code);
});

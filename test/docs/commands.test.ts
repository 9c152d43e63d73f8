import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { OPERATIONS } from "../../scripts/openapi/operations.ts";
import { ROOT, startChild } from "../scripts/child.ts";
import { type CodeBlock, PAGES } from "./markdown.ts";

/**
 * Every command of README and docs, by how it begins, and the test that runs it. A command that no
 * row knows fails.
 *
 * - a path: this test runs the command, with other values.
 * - `here`: the tests below run it, or compare it with what the Worker answers.
 * - `not run`: nobody runs it, for the reason that follows.
 */
const COMMANDS: readonly (readonly [command: RegExp, test: string])[] = [
  [/^npm (?:ci && npm )?start\b/, "test/scripts/start.test.ts"],
  [/^npm run (?:--silent )?serve\b/, "test/scripts/serve.test.ts"],
  [/^npm run (?:--silent )?scan\b/, "test/scripts/scan.test.ts"],
  [/^echo '[^']+' \| npm run --silent scan\b/, "here"],
  [/^npm run screenshots\b/, "test/scripts/scan.test.ts"],
  [/^echo SCREENSHOTS=on >> vars$/, "not run: it adds a line to a file of settings"],
  [/^npm run catalog -- check$/, "test/scripts/catalog/command.test.ts"],
  [/^npm run catalog -- upload\b/, "test/scripts/deploy.test.ts"],
  [/^npm run connect\b/, "test/scripts/connect.test.ts"],
  [/^npm run deploy\b/, "test/scripts/deploy.test.ts"],
  [/^npm run openapi$/, "test/worker/openapi.test.ts"],
  [/^npm (?:ci && npm test|ci|test|run check)\b/, ".ci/run"],
  [/^npm run test:(?:contracts|faults|e2e)\b/, ".ci/run"],
  [/^npm run test:mutation$/, "not run: CONTRIBUTING says when a person runs it"],
  [/^npm run bench\b/, "not run: a measurement takes minutes"],
  [
    /^npx vitest run (?:FILE|test\/scanner\/rules\.test\.ts)$/,
    "not run: it is the program that runs this test",
  ],
  [/^npx node scripts\/catalog\/generate-symbols\.ts --help$/, "here"],
  [/^npx wrangler (?:login|tail|secret|delete)\b/, "not run: it needs an account of Cloudflare"],
  [/^node test\/scanner\/snapshot\.ts\b/, "not run: it compares two states of the code"],
  [/^node scripts\/demo\/screenshots\.ts$/, "not run: it needs Chromium"],
  [/^cp \.dev\.vars\.example vars$/, "test/scripts/variables.test.ts"],
  [/^git add --force catalog\.local$/, "not run: git's own command"],
  [/^npm version\b/, "not run: it makes a commit and a tag"],
  [/^git push\b/, "not run: it makes a release public"],
  [/^git pull$/, "not run: it changes the project"],
  [/^git (?:pull|checkout v1\.0\.0) && npm ci$/, "not run: it changes the project"],
  [/^(?:echo ".*)?\$?\(?openssl rand\b/, "here"],
  [/^curl (?:.* )?(?:\$WORKER|https:\/\/worker\.example\.com)\//, "here"],
  [/^auth=/, "here"],
  [/^curl\b/, "not run: it needs an account of the ticket system"],
  [/^(?:TOKEN=\$\(curl|owner=)/, "not run: it needs an account of the ticket system"],
  [/^(?:id=msg_1|key=|signature=)/, "not run: the tests sign with two other programs"],
  [/^perl request-tracker-setup\.pl\b/, "test/e2e/request-tracker.ts"],
  [/^(?:STANDARD_\w+=)/, "not run: a line of a file of settings"],
  [
    /^(?:mkdir catalog\.local|echo SCREENSHOTS=on |nano |notepad )/,
    "not run: a person edits a file",
  ],
  [/^export NODE_EXTRA_CA_CERTS=/, "not run: docs/connect/on-premises.md says what was tried"],
  [/^git clone\b/, "not run: the address of the project differs"],
  [/^(?:sudo |journalctl |podman )/, "not run: docs/own-machine.md says what was tried"],
  [/^(?:\$headers|\$body) = /, "not run: it needs PowerShell"],
];

interface Command {
  readonly page: string;
  readonly text: string;
}

/** What begins as a command does, between backticks in a text; no message of npm, nothing left open. */
const INLINE = /^(?!npm warn|.*…$)(?:npm|npx|node|curl|openssl|echo|git|perl) /;

const COMMAND_LIST: readonly Command[] = PAGES.flatMap(({ path, blocks, code }) => {
  const inBlocks = blocks.flatMap(statementsOf);
  const inText = code.filter((each) => INLINE.test(each));
  return [...inBlocks, ...inText].map((text) => ({ page: path, text }));
});

/** The commands of a block of a shell: one a line, unless a line goes on in the next one. */
function statementsOf({ language, text }: CodeBlock): string[] {
  if (language === "powershell") return text.split("\n", 1);
  if (language !== "sh") return [];
  const joined = text.replace(/\\\n\s*/g, "").replace(/\|\n\s*/g, "| ");
  return joined.split("\n").flatMap((line) => {
    const command = line.replace(/\s+# .*$/, "").trim();
    return command === "" || command === "done" ? [] : [command];
  });
}

function rowOf(command: string) {
  return COMMANDS.find(([pattern]) => pattern.test(command));
}

test("a row of the table knows every command of README and docs", () => {
  const unknown = COMMAND_LIST.filter(({ text }) => rowOf(text) === undefined);
  expect(unknown).toEqual([]);
});

test("every row of the table knows a command, and names a file that is there or a reason", () => {
  const known = new Set(COMMAND_LIST.map(({ text }) => rowOf(text)));
  const unused = COMMANDS.filter((row) => !known.has(row));
  expect(unused).toEqual([]);
  for (const [command, run] of COMMANDS) {
    if (/^(?:here$|not run: \w)/.test(run)) continue;
    expect(existsSync(join(ROOT, run)), `${command}: ${run}`).toBe(true);
  }
});

test("every npm command names a script of package.json, and options that its file knows", () => {
  const scripts: Readonly<Record<string, string>> = packageJson.scripts;
  const wrong = COMMAND_LIST.flatMap(({ page, text }) => {
    const [, name = "start", rest = ""] =
      /npm (?:ci && npm )?(?:run (?:--silent )?)?([\w:]+)(.*)$/.exec(text) ?? [];
    if (!text.includes("npm ") || ["ci", "version"].includes(name)) return [];
    const script = scripts[name];
    if (script === undefined) return [`${page}: ${text}: no script ${name}`];
    const [file] = /(?:scripts|test)\/\S+\.ts$/.exec(script) ?? [];
    const source = file ? readFileSync(join(ROOT, file), "utf8") : "";
    const options = rest.match(/(?<=\s\[?)--[a-z][a-z-]+/g) ?? [];
    const unknown = options.filter((option) => !source.includes(option));
    return unknown.map((option) => `${page}: ${text}: no option ${option}`);
  });
  expect(wrong).toEqual([]);
});

test("every curl command of a route of the Worker names a route that there is", () => {
  const routes = Object.keys(OPERATIONS);
  const own = COMMAND_LIST.filter(({ text }) => rowOf(text)?.[0].source.includes("WORKER"));
  expect(own.length).toBeGreaterThan(10);
  const wrong = own.filter(({ text }) => {
    const [, path = ""] =
      /(?:\$WORKER|https:\/\/worker\.example\.com)(\/[^\s"?]+)/.exec(text) ?? [];
    const isPost = / -d | --data-binary /.test(text);
    const method = / -X (\w+)/.exec(text)?.[1] ?? (isPost ? "POST" : "GET");
    return !routes.some((route) => {
      const [ofRoute, pattern = ""] = route.split(" ");
      const matches = new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}$`).test(path);
      return ofRoute === method && matches;
    });
  });
  expect(wrong).toEqual([]);
});

const RUN_HERE = COMMAND_LIST.map(({ text }) => text).filter(
  (text) => rowOf(text)?.[1] === "here" && !/curl|auth=/.test(text),
);

test.each([...new Set(RUN_HERE)])("%s runs", async (command) => {
  const { code, stdout, stderr } = await startChild(["sh", "-c", command]).result;
  expect(stdout).not.toBe("");
  expect([stderr, code]).toEqual(["", 0]);
});

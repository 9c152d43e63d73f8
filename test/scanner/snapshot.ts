// What the scanner finds in every text at hand, so that two versions of it can be compared.
//
//   node test/scanner/snapshot.ts write FILE [CORPUS-FOLDER…]
//   node test/scanner/snapshot.ts compare BEFORE AFTER
//
// The texts are those of the tests, of the catalog and of the folders named: each `text` or `gist`
// in their .jsonl files. A snapshot holds texts of other people, so write it to `.bench/`, which Git
// ignores.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { scan } from "../../src/scanner/scan.ts";
import { toPlainText } from "../../src/scanner/text/plain-text.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A string literal of TypeScript or JSON, in double or single quotes or backticks. */
const LITERAL = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`/g;

const Line = z.object({ text: z.optional(z.string()), gist: z.optional(z.string()) });
const Snapshot = z.record(z.string(), z.array(z.string()));
type Snapshot = z.infer<typeof Snapshot>;

function textsOfTests() {
  const files = globSync(
    [
      "test/{scanner,enrichment,catalog,worker}/**/*.ts",
      "test/fixtures/*.json",
      "catalog/*/*.{json,yaml}",
    ],
    { cwd: ROOT },
  );
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(LITERAL)].flatMap(([literal]) =>
      unquote(literal),
    ),
  );
}

/** The value of a literal; none for the few with escapes that JSON does not know. */
function unquote(literal: string) {
  const inner = literal
    .slice(1, -1)
    .replaceAll("\n", "\\n")
    .replaceAll(/(?<!\\)"/g, '\\"');
  try {
    return [z.string().parse(JSON.parse(`"${inner.replaceAll(/\\(['`])/g, "$1")}"`))];
  } catch {
    return [];
  }
}

function textsOfCorpus(folder: string) {
  return globSync("*.jsonl", { cwd: folder }).flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => {
        const { text, gist } = Line.parse(JSON.parse(line));
        return text ?? gist ?? [];
      }),
  );
}

function take(texts: readonly string[]): Snapshot {
  return Object.fromEntries(
    [...new Set(texts)].map((text) => {
      const { findings, ignored } = scan(toPlainText(text, "text").text);
      return [
        text,
        [
          ...findings.map(
            ({ code, start, end, tentative }) => `${code}${tentative ? "?" : ""} ${start}-${end}`,
          ),
          ...ignored.map(({ start, end, reason }) => `- ${start}-${end} ${reason}`),
        ],
      ];
    }),
  );
}

/** Only the findings: reasons are worded anew more often than they change. */
function findingsOf(lines: readonly string[] | undefined) {
  return (lines ?? []).filter((line) => !line.startsWith("-")).join(", ");
}

const [task, ...args] = process.argv.slice(2);
if (task === "write" && args[0]) {
  const [file, ...folders] = args;
  const texts = [...textsOfTests(), ...folders.flatMap(textsOfCorpus)];
  const snapshot = take(texts);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(snapshot, null, 1));
  console.log(`${file}: ${Object.keys(snapshot).length} texts`);
} else if (task === "compare" && args[0] && args[1]) {
  const [before, after] = args
    .slice(0, 2)
    .map((file) => Snapshot.parse(JSON.parse(readFileSync(file, "utf8"))));
  const texts = Object.keys(after ?? {}).filter((text) => before?.[text] !== undefined);
  const changed = texts.filter((text) => findingsOf(before?.[text]) !== findingsOf(after?.[text]));
  for (const text of changed) {
    console.log(JSON.stringify(text.slice(0, 200)));
    console.log(`  before: ${findingsOf(before?.[text]) || "nothing"}`);
    console.log(`  after:  ${findingsOf(after?.[text]) || "nothing"}`);
  }
  console.log(`${changed.length} of ${texts.length} texts changed`);
} else {
  console.error("write FILE [CORPUS-FOLDER…] | compare BEFORE AFTER");
  process.exitCode = 1;
}

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScript } from "./child.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-"));
  writeFileSync(join(folder, "one.log"), "Start\nエラー0x80090029 が出る\n");
  writeFileSync(join(folder, "two.html"), "<p>Error <b>0x8024</b>0016 at 0x80070005ab</p>");
});

afterAll(() => rmSync(folder, { recursive: true }));

async function scan(args: readonly string[], input = "") {
  const { code, stdout, stderr } = await startScript("scan.ts", args, { cwd: folder, input })
    .result;
  return { code, lines: stdout.split("\n").slice(0, -1), stderr };
}

test("prints file, line, column, code, notation and status of each finding", async () => {
  expect(await scan(["one.log"])).toEqual({
    code: 0,
    lines: ["one.log:2:4\t0x80090029\thex\tlisted"],
    stderr: "",
  });
});

test("scans standard input", async () => {
  expect((await scan([], "exit code -2147024891")).lines).toEqual([
    "-:1:11\t0x80070005\tdecimal_signed\tlisted",
  ]);
});

test("--explain names the rule of each finding and of each rejection", async () => {
  const { lines } = await scan(["--explain"], "error 0x80070005, 0x00000000");
  expect(lines.map((line) => line.split("\t").at(-1))).toEqual([
    expect.stringMatching(/^keyword\//),
    expect.stringMatching(/^number\//),
  ]);
});

test("--ignored prints what looks like a code, and why it is none", async () => {
  expect((await scan(["--format", "html", "--ignored", "two.html"])).lines).toEqual([
    "two.html:1:13\t0x80240016\thex\tunlisted",
    "two.html:1:31\t0x80070005ab\thex\ta code has eight hex digits",
  ]);
});

const encodings: [name: string, bytes: Buffer][] = [
  ["UTF-16 with a byte order mark", Buffer.from("\ufefferror 0x80070005", "utf16le")],
  ["UTF-16 without a byte order mark", Buffer.from("error 0x80070005", "utf16le")],
  ["UTF-16 of the other byte order", Buffer.from("\ufefferror 0x80070005", "utf16le").swap16()],
];

test.each(encodings)("reads a file in %s", async (_, bytes) => {
  writeFileSync(join(folder, "wide.log"), bytes);
  expect((await scan(["wide.log"])).lines).toEqual([
    expect.stringMatching(/^wide\.log:1:\d\t0x80070005\thex\t/),
  ]);
});

/** A mail as a file, with the body in base64. */
function mail(charset: string, base64: string, end = "\r\n") {
  const header = ["Subject: PIN", `Content-Type: text/plain; charset=${charset}`];
  return [...header, "Content-Transfer-Encoding: base64", "", base64, ""].join(end);
}

const mails: [name: string, text: string][] = [
  ["UTF-8", mail("utf-8", btoa("The PIN setup stops with error 0x80070005"))],
  ["ISO-2022-JP", mail("iso-2022-jp", "GyRCJSglaSE8GyhCIDB4ODAwNzAwMDUgGyRCJCw9UCReJDkhIxsoQgo=")],
  [
    "UTF-16",
    mail("utf-16le", Buffer.from("エラー 0x80070005", "utf16le").toString("base64"), "\n"),
  ],
];

test.each(mails)("reads a mail whose body is in base64 and %s", async (_, text) => {
  writeFileSync(join(folder, "mail.eml"), text);
  expect((await scan(["mail.eml"])).lines).toEqual([
    expect.stringMatching(/^mail\.eml:\d+:1\t0x80070005\thex\t/),
  ]);
});

test("reads a screenshot, and says of a photograph why it is not read", async () => {
  const pictures = join(import.meta.dirname, "../fixtures/screenshots");
  const [hello, store] = [join(pictures, "hello-ja.png"), join(pictures, "store-ja.jpg")];
  expect(await scan([hello, store])).toEqual({
    code: 0,
    lines: [`${hello}\t0x801C044F\tscreenshot\tunlisted`],
    stderr: `${store}: not read (photograph)\n`,
  });
});

test("reads a folder of screenshots, and counts what is right by a file of truths", async () => {
  const pictures = join(import.meta.dirname, "../fixtures/screenshots");
  for (const name of ["hello-ja.png", "registry-en.png", "store-ja.jpg"]) {
    copyFileSync(join(pictures, name), join(folder, name));
  }
  writeFileSync(
    join(folder, "truth.csv"),
    "hello-ja.png,0x801c044f\r\nregistry-en.png\r\nstore-ja.jpg,80131500\r\n",
  );
  const child = startScript("screenshots.ts", [folder, "--truth", "truth.csv"], { cwd: folder });
  const { code, stdout } = await child.result;
  expect(code).toBe(0);
  expect(stdout.trim().split("\n")).toEqual([
    "hello-ja.png\t0x801C044F\texact",
    "registry-en.png\tno code\texact",
    "store-ja.jpg\tphotograph\tsilent\tin it: 0x80131500",
    "",
    "3 pictures",
    "3 with a truth: 2 exact, 1 silent, 0 wrong",
  ]);
});

test("--comment prints the comment", async () => {
  expect((await scan(["--comment"], "PIN reset 0x80090029")).lines).toContain("What to do");
});

test("--jsonl answers each line of JSON with a line of JSON", async () => {
  const input = '{"id":"a","text":"0x80090029, 0x80070005"}\n\n{"id":7,"text":"x"}\n';
  expect((await scan(["--jsonl"], input)).lines).toEqual([
    '{"id":"a","codes":["0x80090029","0x80070005"]}',
    '{"id":7,"codes":[]}',
  ]);
});

const badLines: [line: string, reason: string, why: string][] = [
  ['{"id":"b"}', "text: ", "no text"],
  ['{"id":"b","text":7}', "text: ", "a number for a text"],
  ['{"text":"0x80090029"}', "id: ", "no id"],
  ['{"id":"b","text":"x","locale":7}', "locale: ", "a number for a language"],
  ['{"id":"b","text":"0x8009', "no JSON object", "cut off"],
  ["0x80090029", "no JSON object", "a ticket as it is"],
  ["[]", "no JSON object", "a list"],
];

test.each(badLines)(
  "--jsonl names the line %s, scans the others and ends with 1: %s",
  async (bad, reason) => {
    const good = ['{"id":"a","text":"0x80090029"}', '{"id":"z","text":"0x80070005"}'];
    const input = [good[0], bad, "", bad, good[1]].join("\n");
    const { code, lines, stderr } = await scan(["--jsonl"], input);
    expect(lines).toEqual([
      '{"id":"a","codes":["0x80090029"]}',
      '{"id":"z","codes":["0x80070005"]}',
    ]);
    const start = 'not of the form {"id": …, "text": "…"}: ';
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining(`line 2: ${start}${reason}`),
      expect.stringContaining(`line 4: ${start}${reason}`),
    ]);
    expect(code).toBe(1);
  },
);

test("--json names the bad lines of each file", async () => {
  writeFileSync(join(folder, "bad.jsonl"), 'x\n{"id":1,"text":"0x80090029"}\n');
  writeFileSync(join(folder, "good.jsonl"), '{"id":2,"text":"0x80070005"}\n');
  const { code, lines, stderr } = await scan(["--json", "bad.jsonl", "good.jsonl"]);
  expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  expect(stderr).toMatch(/^bad\.jsonl: line 1: not of the form .*\n$/);
  expect(code).toBe(1);
});

const refusals: [args: string[], input: string, message: RegExp][] = [
  [["none.log"], "", /none\.log/],
  [["--format", "rtf"], "x", /format/],
  [["--nonsense"], "x", /--nonsense/],
];

test.each(refusals)(
  "%j with the input %j ends with code 1 and a message",
  async (args, input, message) => {
    const { code, stderr } = await scan(args, input);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
  },
);

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `node scripts/catalog/generate-symbols.ts [--headers DIR] [--version TEXT] [--documented DIR]
Makes catalog/symbols/ anew.
  --headers      where winerror.h and ntstatus.h of mingw-w64 are
                 (/usr/share/mingw-w64/include, from Debian's mingw-w64-common)
  --version      what the package calls itself, for the note in the files
  --documented   a folder with names-*.tsv (code, symbol, product, meaning, source) and
                 meanings.tsv (code, symbol, meaning in English, in Japanese); without it
                 documented.json and meanings.json stay as they are`;

const LICENCE = "public domain: the headers say that no copyright is assigned";

/** The symbols of a header. If a number has several, comments show the first. */
interface Table {
  readonly source: string;
  readonly licence: string;
  /** Number in eight hex digits -> its symbols. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

const DEFINE = /^#define[ \t]+([A-Z][A-Za-z0-9_]*)[ \t]+(.+?)[ \t]*$/gm;

/** Names of limits and masks, which are not errors. */
const NOT_A_CODE = /_(?:MASK|BASE|FIRST|LAST|MIN|MAX)$|^(?:FACILITY|SEVERITY|WSABASEERR|__)/;

async function main() {
  const { values } = parseArgs({
    options: {
      headers: { type: "string", default: "/usr/share/mingw-w64/include" },
      version: { type: "string", default: "mingw-w64-common 10.0.0-3" },
      documented: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.documented !== undefined) await writeDocumented(values.documented);
  const read = (name: string) => readFile(join(values.headers, name), "utf8");
  const [winerror, ntstatus] = await Promise.all([read("winerror.h"), read("ntstatus.h")]);
  const about = (header: string) => ({
    source: `${header} of ${values.version}`,
    licence: LICENCE,
  });
  const tables = {
    hresult: { ...about("winerror.h"), names: hresults(winerror) },
    win32: { ...about("winerror.h"), names: win32(winerror) },
    ntstatus: { ...about("ntstatus.h"), names: statuses(ntstatus) },
  };
  for (const [name, table] of Object.entries(tables)) await write(name, table);
}

/** Whether the scanner can find a code: bit 31 is set. */
const FAILURE_CODE = /^0x[89A-F][0-9A-F]{7}$/;

/** Writes the symbols of documents, and meanings in our own words. */
async function writeDocumented(folder: string) {
  const files = (await readdir(folder)).filter((name) => /^names-.*\.tsv$/.test(name)).sort();
  const rows = (await Promise.all(files.map((name) => readRows(join(folder, name))))).flat();
  const codes: Record<string, [symbol: string, meaning: string, source: number]> = {};
  const sources: string[] = [];
  for (const [code = "", symbol = "", , meaning = "", source = ""] of rows) {
    if (!FAILURE_CODE.test(code) || Object.hasOwn(codes, code)) continue;
    if (!sources.includes(source)) sources.push(source);
    codes[code] = [symbol, toSentence(meaning), sources.indexOf(source)];
  }
  const note = "Names are facts of the sources; meanings are in our own words.";
  await writeJson("documented", { note, sources, codes: sortKeys(codes) });

  const meanings: Record<string, { en: string; ja: string }> = {};
  for (const [code = "", , en = "", ja = ""] of await readRows(join(folder, "meanings.tsv"))) {
    if (FAILURE_CODE.test(code)) meanings[code] = { en, ja };
  }
  await writeJson("meanings", { note: "In our own words.", codes: sortKeys(meanings) });
  console.log(
    `documented: ${Object.keys(codes).length}, meanings: ${Object.keys(meanings).length}`,
  );
}

async function readRows(path: string): Promise<string[][]> {
  const text = await readFile(path, "utf8");
  return text.split("\n").map((line) => line.split("\t").map((each) => each.trim()));
}

function toSentence(text: string) {
  if (text === "") return "";
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function sortKeys<T>(all: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function write(name: string, table: Table) {
  const all = Object.values(table.names).flat();
  console.log(`${name}: ${all.length} names of ${Object.keys(table.names).length} numbers`);
  await writeJson(name, table);
}

async function writeJson(name: string, content: unknown) {
  const file = join(import.meta.dirname, "../../catalog/symbols", `${name}.json`);
  await writeFile(file, `${JSON.stringify(content, null, 1)}\n`);
}

function hresults(text: string) {
  const typed =
    /^(?:_HRESULT_TYPEDEF_|_NDIS_ERROR_TYPEDEF_)\((0x[0-9A-Fa-f]{8})L?\)$|^\(\(HRESULT\)(0x[0-9A-Fa-f]{8})L?\)$/;
  return group(definitions(text), (value) => {
    const match = typed.exec(value);
    return match ? Number(match[1] ?? match[2]) : null;
  });
}

function win32(text: string) {
  const all = new Map(definitions(text));
  const base = Number(all.get("WSABASEERR"));
  const number = (value: string): number | null => {
    const long = /^(?:__MSABI_LONG\()?(\d+)L?\)?$/.exec(value)?.[1];
    if (long !== undefined) return Number(long);
    const socket = /^\(WSABASEERR \+ (\d+)\)$/.exec(value)?.[1];
    return socket === undefined ? null : base + Number(socket);
  };
  return group(
    [...all].filter(([name]) => !NOT_A_CODE.test(name)),
    (value) => {
      const found = number(value);
      return found !== null && found > 0 && found <= 0xffff ? found : null;
    },
  );
}

function statuses(text: string) {
  const typed = /^\(\((?:NTSTATUS|DWORD)\)\s*(0x[0-9A-Fa-f]{1,8})L?\)$/;
  return group(definitions(text), (value) => {
    const match = typed.exec(value)?.[1];
    return match === undefined ? null : Number(match);
  });
}

function definitions(text: string): [string, string][] {
  return [...text.matchAll(DEFINE)].map(([, name = "", value = ""]) => [name, value]);
}

function group(all: readonly [string, string][], read: (value: string) => number | null) {
  const names: Record<string, string[]> = {};
  for (const [name, value] of all) {
    const number = NOT_A_CODE.test(name) ? null : read(value);
    if (number === null) continue;
    const key = number.toString(16).toUpperCase().padStart(8, "0");
    names[key] = [...new Set([...(names[key] ?? []), name])];
  }
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}

await main();

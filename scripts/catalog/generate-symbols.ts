import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `node scripts/catalog/generate-symbols.ts [--headers DIR] [--version TEXT]
Makes catalog/symbols/ anew from winerror.h and ntstatus.h of mingw-w64.
  --headers   where they are (/usr/share/mingw-w64/include, from Debian's mingw-w64-common)
  --version   what the package calls itself, for the note in the files`;

const LICENCE = "public domain: the headers say that no copyright is assigned";

/** What a header calls its numbers: the first name of a number is the one that is shown. */
interface Table {
  readonly source: string;
  readonly licence: string;
  /** Number in hex, eight digits, to its names. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

const DEFINE = /^#define[ \t]+([A-Z][A-Za-z0-9_]*)[ \t]+(.+?)[ \t]*$/gm;

/** Names that mark a border or a mask, and are no error of their own. */
const NOT_A_CODE = /_(?:MASK|BASE|FIRST|LAST|MIN|MAX)$|^(?:FACILITY|SEVERITY|WSABASEERR|__)/;

async function main() {
  const { values } = parseArgs({
    options: {
      headers: { type: "string", default: "/usr/share/mingw-w64/include" },
      version: { type: "string", default: "mingw-w64-common 10.0.0-3" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
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
  const facilities = {
    source: `winerror.h and ntstatus.h of ${values.version}`,
    licence: LICENCE,
    hresult: facilityNames(winerror),
    ntstatus: facilityNames(ntstatus),
  };
  await writeJson("facilities", facilities);
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

function facilityNames(text: string) {
  const facilities = definitions(text).filter(([name]) => name.startsWith("FACILITY_"));
  const names: Record<string, string[]> = {};
  for (const [name, value] of facilities) {
    const number = Number(value);
    if (!Number.isInteger(number)) continue;
    names[number] = [...(names[number] ?? []), name.slice("FACILITY_".length)];
  }
  return names;
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

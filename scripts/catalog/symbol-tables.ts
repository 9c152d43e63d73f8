import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Facilities } from "../../src/catalog/stored.ts";
import { Hresult } from "../../src/hresult/hresult.ts";

/** What public headers call codes and facilities. */
export interface SymbolTables {
  /** The one symbol that is shown for a code. */
  readonly symbols: ReadonlyMap<Hresult, string>;
  /** Every name of every code. */
  readonly names: ReadonlyMap<string, Hresult>;
  readonly facilities: Facilities;
}

const Table = z.object({ names: z.record(z.string(), z.array(z.string())) });
const FacilityTable = z.object({
  hresult: z.record(z.string(), z.array(z.string())),
  ntstatus: z.record(z.string(), z.array(z.string())),
});

/**
 * Names of facilities which documentation tells and the headers do not. 24 is called WINDOWS_CE in
 * the header, but in practice it is the enrolment of devices.
 */
const DOCUMENTED: Readonly<Record<string, string>> = {
  24: "MDM ENROLLMENT",
  28: "DEVICE REGISTRATION",
  31: "USERMODE_FILTER_MANAGER",
  38: "GRAPHICS",
  40: "TPM_SERVICES",
  41: "TPM_SOFTWARE",
  49: "FVE",
  55: "USERMODE_VIRTUALIZATION",
  63: "WINDOWS_STORE",
  80: "WINDOWS_DEFENDER",
  208: "DELIVERY_OPTIMIZATION",
  2000: "CONFIGURATION MANAGER",
  2001: "INTUNE",
  2200: "WINCODEC_DWRITE_DWM",
};

/** Puts the generated tables together; a folder without them has no symbols. */
export async function readSymbolTables(folder: string): Promise<SymbolTables> {
  const [hresult, win32, ntstatus, facilities] = await Promise.all([
    read(folder, "hresult", Table),
    read(folder, "win32", Table),
    read(folder, "ntstatus", Table),
    read(folder, "facilities", FacilityTable),
  ]);
  const symbols = new Map<Hresult, string>();
  const names = new Map<string, Hresult>();
  const add = (digits: string, all: readonly string[]) => {
    const code = Hresult.safeParse(`0x${digits}`).data;
    if (code === undefined) return;
    const [first] = all;
    if (first !== undefined && !symbols.has(code)) symbols.set(code, first);
    for (const name of all) if (!names.has(name)) names.set(name, code);
  };
  for (const [digits, all] of Object.entries(hresult?.names ?? {})) add(digits, all);
  for (const [digits, all] of Object.entries(win32?.names ?? {}))
    add(`8007${digits.slice(4)}`, all);
  for (const [digits, all] of Object.entries(ntstatus?.names ?? {})) {
    if (isOwn(digits)) add(digits, all);
  }
  return {
    symbols,
    names,
    facilities: {
      hresult: { ...firstNames(facilities?.hresult), ...DOCUMENTED },
      ntstatus: firstNames(facilities?.ntstatus),
    },
  };
}

/**
 * Whether an NTSTATUS can be meant. Its warnings share their numbers with the HRESULTs of other
 * facilities: 0x801C0001 is device registration, not the filter manager. Only 0x8000.... is free.
 */
function isOwn(digits: string) {
  return digits.startsWith("8000") || !digits.startsWith("8");
}

function firstNames(all: Readonly<Record<string, readonly string[]>> = {}) {
  return Object.fromEntries(Object.entries(all).map(([number, names]) => [number, names[0] ?? ""]));
}

async function read<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(join(folder, `${name}.json`), "utf8").catch(() => null);
  return text === null ? null : schema.parse(JSON.parse(text));
}

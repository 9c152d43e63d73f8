import type { Hresult } from "../hresult/hresult.ts";
import { toHresult } from "../hresult/hresult.ts";

/** How a code is written. */
export type Notation =
  | "hex"
  | "hex_sign_extended"
  | "hex_split"
  | "hex_bare"
  | "hex_vb"
  | "decimal_signed"
  | "decimal_unsigned"
  | "win32"
  | "symbol";

/** A number with its notation and its place, before anything is said of its meaning. */
export interface Reading {
  /** Unsigned, 32 bits. */
  readonly value: number;
  readonly notation: Notation;
  readonly start: number;
  readonly end: number;
}

/** A run that looks like a number of this kind, and cannot be one. */
export interface Misfit {
  readonly notation: Notation;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly near?: readonly Hresult[];
}

/** As nearly all of them are written. */
const PLAIN = /^0[xX][0-9A-Fa-f]{8}$/;
/** The x may stand twice: `0xx80070005`. */
const PREFIXED = /0[xX]{1,2}((?:_?[0-9A-Fa-f])+)([uU]?[lL]{0,2}|[hHn])$/;
/** A sentence that begins without a blank: `0x80041354The requested operation`. */
const GLUED = /^0[xX]([0-9A-Fa-f]{8})(?=[A-Z][a-z]*[g-z])[A-Z][a-z]+$/;
const BARE = /^([0-9A-Fa-f]{8})([hHlL]?)$/;
const JOINED = /(?:^|_)([0-9A-Fa-f]{8})(?:_|$)/;
/** A hash, a number of goods, an address without its prefix. */
const LONG_HEX = /^(?=.{0,63}\d)[0-9A-Fa-f]{9,64}$/;
/** A negative number of 64 bits, without its prefix. */
const EXTENDED = /^[fF]{8}[89a-fA-F][0-9a-fA-F]{7}$/;
const DECIMAL = /^\d{9,20}$/;
const EIGHT = /^[hHxX][0-9A-Fa-f]{8}$/;
const GUID = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;
const GUID_LENGTH = 36;
const CODE_END = /(?<![0-9A-Fa-f])[89A-Fa-f][0-9A-Fa-f]{7}$/;
/** What ties a bare number to the word before it. */
const JOINTS = "#&%/\\.:-+@";

/** More than any number and the word it touches; of a longer run only the end is read. */
const MAX_RUN = 256;

/** Reads a run of letters, digits and underscores; null when it is no number. */
export function read(text: string, runStart: number, end: number): Reading | Misfit | null {
  const start = Math.max(runStart, end - MAX_RUN);
  const run = text.slice(start, end);
  const prefix = prefixIn(run);
  if (prefix >= 0) {
    const split = run.length < 10 && prefix === 0 ? readSplit(text, run, start, end) : null;
    return split ?? readPrefixed(run, start, end, prefix);
  }
  const byLength = READ_BY_LENGTH.find(({ from, to }) => run.length >= from && run.length <= to);
  const found = byLength?.read(text, run, start, end) ?? readJoined(text, run, start);
  if (found || !LONG_HEX.test(run)) return found;
  if (EXTENDED.test(run)) {
    const value = Number.parseInt(run.slice(8), 16);
    return { value, notation: "hex_sign_extended", start, end };
  }
  return { notation: "hex_bare", reason: `${run.length} hex digits instead of 8`, start, end };
}

function readJoined(text: string, run: string, start: number): Reading | Misfit | null {
  const joined = run.includes("_") ? JOINED.exec(run) : null;
  if (!joined?.[1]) return null;
  const at = start + joined.index + joined[0].indexOf(joined[1]);
  return readBare(text, joined[1], at, at + 8);
}

/** Eight or nine letters: hex without its prefix, or with another one; or a decimal of nine digits. */
function readShort(text: string, run: string, start: number, end: number) {
  const bare = BARE.exec(run)?.[1];
  if (bare) return readApart(text, start, end, bare) ?? readBare(text, bare, start, end);
  if (run.length === 8) return null;
  const lead = run.charAt(0).toLowerCase();
  const digits = EIGHT.test(run) ? run.slice(1) : null;
  if (digits && lead === "x") return readApart(text, start, end, digits);
  if (digits && lead === "h" && text[start - 1] === "&") {
    const value = Number.parseInt(digits, 16);
    return { value, notation: "hex_vb", start: start - 1, end } as const;
  }
  return readLong(text, run, start, end);
}

function readLong(text: string, run: string, start: number, end: number) {
  return run.charCodeAt(0) <= 57 && DECIMAL.test(run) ? readDecimal(text, run, start, end) : null;
}

/** Most runs are words, and their length tells what they are not. */
const READ_BY_LENGTH = [
  { from: 8, to: 9, read: readShort },
  { from: 10, to: 20, read: readLong },
] as const;

function prefixIn(run: string) {
  const small = run.indexOf("0x");
  return small >= 0 ? small : run.indexOf("0X");
}

function readPrefixed(
  run: string,
  start: number,
  end: number,
  prefix: number,
): Reading | Misfit | null {
  const at = start + prefix;
  const place = { start: at, end };
  if (PLAIN.test(run)) return { ...place, notation: "hex", value: Number(run) };
  const glued = GLUED.exec(run)?.[1];
  if (glued) return { start: at, end: at + 10, notation: "hex", value: Number.parseInt(glued, 16) };
  const digits = PREFIXED.exec(run)?.[1]?.replaceAll("_", "");
  // A digit before the prefix is part of a longer number; a letter is a word that touches it.
  if (digits === undefined || /\d$/.test(run.slice(0, prefix))) {
    return { ...place, notation: "hex", reason: "part of a longer run" } as const;
  }
  if (digits.length === 8) {
    return { ...place, notation: "hex", value: Number.parseInt(digits, 16) } as const;
  }
  if (digits.length === 16 && /^[fF]{8}/.test(digits)) {
    const value = Number.parseInt(digits.slice(8), 16);
    return { ...place, notation: "hex_sign_extended", value } as const;
  }
  if (digits.length < 7) return null;
  const near = digits.length === 7 || digits.length === 9 ? spellings(digits) : [];
  const reason = `${digits.length} hex digits instead of 8`;
  return { ...place, notation: "hex", reason, ...(near.length > 0 && { near }) } as const;
}

/** What a code with one zero lost or doubled may have been. */
function spellings(digits: string): Hresult[] {
  const places = Array.from(digits, (_, index) => index);
  const all =
    digits.length === 7
      ? [...places, 7].map((at) => `${digits.slice(0, at)}0${digits.slice(at)}`)
      : places
          .filter((at) => digits[at] === "0")
          .map((at) => digits.slice(0, at) + digits.slice(at + 1));
  const values = new Set(all.map((each) => Number.parseInt(each, 16)));
  return [...values].filter((value) => value >= 0x80000000).map(toHresult);
}

function readDecimal(
  text: string,
  run: string,
  start: number,
  end: number,
): Reading | Misfit | null {
  const signed = isSigned(text, start);
  const number = Number(run);
  const notation = signed ? "decimal_signed" : "decimal_unsigned";
  const place = { notation, start: signed ? start - 1 : start, end } as const;
  if (signed && number <= 0x80000000) return { ...place, value: 0x100000000 - number };
  if (!signed && run.length === 10 && number <= 0xffffffff) return { ...place, value: number };
  return { ...place, reason: "outside the range of codes" };
}

/** A minus, unless it joins two words; two of them are a dash and a minus. */
function isSigned(text: string, start: number) {
  const sign = text[start - 1];
  if (sign !== "-" && sign !== "\u2212") return false;
  return !/[0-9A-Za-z]/.test(text[start - 2] ?? " ");
}

function readBare(text: string, digits: string, start: number, end: number): Reading | Misfit {
  const place = { notation: "hex_bare", start, end } as const;
  if (text[end] === "-" && GUID.test(text.slice(start, start + GUID_LENGTH))) {
    return { ...place, reason: "part of a GUID" };
  }
  const joint = start > 0 && JOINTS.includes(text.charAt(start - 1));
  const isPairOfCodes = text[start - 1] === "/" && CODE_END.test(text.slice(start - 11, start - 1));
  if (joint && !isPairOfCodes && /[0-9A-Za-z]/.test(text[start - 2] ?? " ")) {
    return { ...place, reason: "part of a longer name or number" };
  }
  if (/^-[0-9A-Fa-f]{4}/.test(text.slice(end, end + 5))) {
    return { ...place, reason: "part of a longer name or number" };
  }
  return { ...place, value: Number.parseInt(digits, 16) };
}

const APART = /(?<![0-9A-Za-z])0 ?[xX]? ?$/;

/** A code whose prefix stands apart, as translating machines write it: `0 x 80070005`. */
function readApart(text: string, start: number, end: number, digits: string): Reading | null {
  const from = end - digits.length;
  const before = text.slice(Math.max(0, from - 5), from);
  const prefix = /[xX] ?$/.test(before) ? APART.exec(before)?.[0] : undefined;
  if (prefix === undefined || from < start) return null;
  const value = Number.parseInt(digits, 16);
  return { value, notation: "hex_split", start: from - prefix.length, end };
}

const FIRST_PART = /^0[xX][0-9A-Fa-f]{4,7}$/;
const SECOND_PART = /^[ \u00a0]([0-9A-Fa-f]{1,4})(?![0-9A-Za-z_])/;

/** A code with one stray blank inside, as `0x8007 0005`. */
function readSplit(text: string, run: string, start: number, end: number): Reading | null {
  const rest = FIRST_PART.test(run) ? SECOND_PART.exec(text.slice(end, end + 6))?.[1] : undefined;
  if (rest === undefined || run.length + rest.length !== 10) return null;
  const value = Number.parseInt(run.slice(2) + rest, 16);
  if (value < 0x80000000) return null;
  return { value, notation: "hex_split", start, end: end + 1 + rest.length };
}

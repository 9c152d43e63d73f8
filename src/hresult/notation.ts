import type { Hresult } from "./hresult.ts";
import { toHresult } from "./hresult.ts";

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

const PREFIXED = /0[xX]((?:_?[0-9A-Fa-f])+)([uU]?[lL]{0,2}|[hH])$/;
const BARE = /^([0-9A-Fa-f]{8})([hHlL]?)$/;
const JOINED = /(?:^|_)([0-9A-Fa-f]{8})(?:_|$)/;
const DECIMAL = /^\d{9,20}$/;
const VB = /^[hH]([0-9A-Fa-f]{8})$/;
const GUID = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;
const GUID_LENGTH = 36;
/** What ties a bare number to the word before it. */
const JOINTS = "#&%/\\.:-+@";

/** Reads a run of letters, digits and underscores; null when it is no number. */
export function read(text: string, start: number, end: number): Reading | Misfit | null {
  const run = text.slice(start, end);
  const prefix = prefixIn(run);
  if (prefix >= 0) return readPrefixed(run, start, end, prefix);
  const first = run.charCodeAt(0);
  if (first <= 57 && DECIMAL.test(run)) return readDecimal(text, run, start, end);
  const apart = readApart(text, run, start, end);
  if (apart) return apart;
  const bare = BARE.exec(run)?.[1];
  if (bare) return readBare(text, bare, start, end);
  if (VB.test(run) && text[start - 1] === "&") {
    const value = Number.parseInt(run.slice(1), 16);
    return { value, notation: "hex_vb", start: start - 1, end };
  }
  const joined = run.includes("_") ? JOINED.exec(run) : null;
  if (joined?.[1]) {
    const at = start + joined.index + joined[0].indexOf(joined[1]);
    return readBare(text, joined[1], at, at + 8);
  }
  return null;
}

function prefixIn(run: string) {
  const small = run.indexOf("0x");
  return small >= 0 ? small : run.indexOf("0X");
}

function readPrefixed(run: string, start: number, end: number, prefix: number) {
  const at = start + prefix;
  const place = { start: at, end };
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
  if (joint && /[0-9A-Za-z]/.test(text[start - 2] ?? " ")) {
    return { ...place, reason: "part of a longer name or number" };
  }
  if (/^-[0-9A-Fa-f]{4}/.test(text.slice(end, end + 5))) {
    return { ...place, reason: "part of a longer name or number" };
  }
  return { ...place, value: Number.parseInt(digits, 16) };
}

const APART = /(?<![0-9A-Za-z])0 ?[xX] ?$/;
const APART_DIGITS = /^[xX]?([0-9A-Fa-f]{8})$/;

/** A code whose prefix stands apart, as translating machines write it: `0 x 80070005`. */
function readApart(text: string, run: string, start: number, end: number): Reading | null {
  const digits = APART_DIGITS.exec(run)?.[1];
  if (digits === undefined) return null;
  const prefix = APART.exec(text.slice(Math.max(0, start - 5), end - 8));
  if (prefix === null) return null;
  const value = Number.parseInt(digits, 16);
  return { value, notation: "hex_split", start: end - 8 - prefix[0].length, end };
}

const FIRST_PART = /^0[xX][0-9A-Fa-f]{4,7}$/;
const SECOND_PART = /^[ \u00a0]([0-9A-Fa-f]{1,4})(?![0-9A-Za-z_])/;

/** A code with one stray blank inside, as `0x8007 0005`. */
export function readSplit(text: string, start: number, end: number): Reading | null {
  const run = text.slice(start, end);
  const rest = FIRST_PART.test(run) ? SECOND_PART.exec(text.slice(end, end + 6))?.[1] : undefined;
  if (rest === undefined || run.length + rest.length !== 10) return null;
  const value = Number.parseInt(run.slice(2) + rest, 16);
  if (value < 0x80000000) return null;
  return { value, notation: "hex_split", start, end: end + 1 + rest.length };
}

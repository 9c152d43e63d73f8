import { type Hresult, toHresult } from "./hresult.ts";

/** How a code is written. */
export type Notation =
  | "hex"
  | "hex_sign_extended"
  | "hex_bare"
  | "decimal_signed"
  | "decimal_unsigned";

/** A place in the text: UTF-16 units, `end` not included. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A code with its notation and its place in the text. */
export interface Finding extends Place {
  readonly code: Hresult;
  readonly notation: Notation;
  /** Nothing near it says that it is an error code: it counts only when the catalog knows it. */
  readonly weak: boolean;
}

/** What only looks like a code, and why it is none. */
export interface Ignored extends Place {
  readonly notation: Notation;
  readonly reason: string;
}

export interface Scan {
  /** Each code once, where it first appears. */
  readonly findings: readonly Finding[];
  readonly ignored: readonly Ignored[];
}

/**
 * Runs of ASCII letters and digits which may hold a code: hex with its prefix, and runs of eight or
 * more that begin with a digit or are hex throughout. Other letters, such as kana, end a run.
 */
const CANDIDATE =
  /(?<![0-9])0[xX][0-9A-Za-z_]{8,}|(?<![0-9A-Za-z_])(?:[0-9][0-9A-Za-z_]{7,}|[A-Fa-f][0-9A-Fa-f]{7}[0-9A-Za-z_]*)/g;

const HEX = /^0[xX]((?:_?[0-9A-Fa-f]){8}|[Ff]{8}(?:_?[0-9A-Fa-f]){8})[hHlL]?$/;
const HEX_BARE = /^[0-9A-Fa-f]{8}[hHlL]?$/;
const DECIMAL = /^[0-9]{9,10}$/;

/** What ties a bare number to the word before it. */
const JOINTS = "#&%/\\.:-";

const GUID_AFTER = /^-[0-9A-Fa-f]{4}-/;
const GUID_LENGTH = 36;
const GUID = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;

/** How far before a bare number a cue word may stand. */
const CUE_REACH = 40;
const CUE =
  /(?:\b(?:error|err|code|hr|hresult|result|status|exception|failed|failure)s?\b|エラー|コード|失敗|例外|エラ-)[^\n0-9]{0,16}$/i;

/** Finds codes in text. Linear in the length of the text; each code is given once. */
export function scan(text: string): Scan {
  const findings = new Map<Hresult, Finding>();
  const ignored: Ignored[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const judged = judge(text, match[0], match.index);
    if (judged === null) continue;
    if ("reason" in judged) {
      ignored.push(judged);
      continue;
    }
    const earlier = findings.get(judged.code);
    if (earlier === undefined) findings.set(judged.code, judged);
    else if (earlier.weak && !judged.weak) findings.set(judged.code, { ...earlier, weak: false });
  }
  return { findings: [...findings.values()], ignored };
}

function judge(text: string, run: string, start: number): Finding | Ignored | null {
  const end = start + run.length;
  const hex = HEX.exec(run)?.[1]?.replaceAll("_", "");
  if (hex !== undefined) {
    const extended = hex.length > 8;
    const notation = extended ? "hex_sign_extended" : "hex";
    const weak = extended && !hasCue(text, start);
    return decide({ notation, start, end }, Number.parseInt(hex.slice(-8), 16), weak);
  }
  if (DECIMAL.test(run)) return judgeDecimal(text, run, start);
  const notation = /^0[xX]/.test(run) ? "hex" : "hex_bare";
  if (notation === "hex_bare" && HEX_BARE.test(run)) {
    return judgeBare(text, run, { notation, start, end });
  }
  return { notation, start, end, reason: "not eight hex digits" };
}

function judgeDecimal(text: string, run: string, start: number): Finding | Ignored {
  const end = start + run.length;
  const signed = /(?:(?<![0-9A-Za-z])|-)[-\u2212]$/.test(text.slice(Math.max(0, start - 2), start));
  const value = signed ? -Number(run) : Number(run);
  const notation = signed ? "decimal_signed" : "decimal_unsigned";
  const place = { notation, start: signed ? start - 1 : start, end } as const;
  const inRange = signed ? value >= -0x80000000 : value >= 0x80000000 && value <= 0xffffffff;
  if (!inRange) return { ...place, reason: "outside the range of failure codes" };
  return decide(place, value, !hasCue(text, place.start));
}

type Marked = Place & { readonly notation: Notation };

function judgeBare(text: string, run: string, place: Marked): Finding | Ignored {
  if (isInGuid(text, place)) return { ...place, reason: "part of a GUID" };
  const weak = !hasCue(text, place.start);
  if (weak && place.start > 0 && JOINTS.includes(text.charAt(place.start - 1))) {
    return { ...place, reason: "part of a longer name or number" };
  }
  return decide(place, Number.parseInt(run.slice(0, 8), 16), weak);
}

function decide(place: Marked, value: number, weak: boolean): Finding | Ignored {
  if (value >>> 31 === 0) return { ...place, reason: "a success or information value" };
  return { ...place, code: toHresult(value), weak };
}

function isInGuid(text: string, { start, end }: Place) {
  return (
    GUID_AFTER.test(text.slice(end, end + 6)) && GUID.test(text.slice(start, start + GUID_LENGTH))
  );
}

function hasCue(text: string, start: number) {
  return CUE.test(text.slice(Math.max(0, start - CUE_REACH), start));
}

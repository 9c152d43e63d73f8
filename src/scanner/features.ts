import { isBeside, isListed } from "./adjacency.ts";
import type { Candidate } from "./candidate.ts";
import {
  createRangeIndex,
  FACILITY_RANGES,
  isFilling,
  isOfIoKit,
  isRound,
  PRINTER_RANGES,
  type RangeIndex,
} from "./facility-ranges.ts";
import type { Verdict } from "./finding.ts";
import { hasKeywordBehind, type KeywordBefore, keywordBefore } from "./keywords.ts";
import { after, before, holds } from "./pattern.ts";
import { columnOf, isInBase64, NEAR, type Surroundings, standsAlone } from "./surroundings.ts";
import { isInWin32Range, WIN32_RANGES, type Win32Range } from "./win32-ranges.ts";
import * as windows from "./windows-errors.ts";

/** The tables that features look numbers up in; the mutation run takes rows out of them. */
export interface Tables {
  readonly facilities: RangeIndex;
  readonly printers: RangeIndex;
  readonly win32: readonly Win32Range[];
}

export const TABLES: Tables = {
  facilities: createRangeIndex(FACILITY_RANGES),
  printers: createRangeIndex(PRINTER_RANGES),
  win32: WIN32_RANGES,
};

/** What is known of the candidate before. */
export interface Previous {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** What it is speaks for the number: it is no code anywhere. */
  readonly isExcluded: boolean;
}

/** Errors of other systems, by name: of Sony's consoles, and of macOS. */
const OTHER_SYSTEM = /(?:CELL|SCE)_\w{2,60}|kIO\w{2,60}/.source;
const OTHER_SYSTEM_BEFORE = new RegExp(`(?<=\\b(?:${OTHER_SYSTEM})\\s?[:(=]\\s?)`, "y");
const OTHER_SYSTEM_BEHIND = new RegExp(`\\s?[:(=]\\s?(?:${OTHER_SYSTEM})`, "y");

/** Registers whose names are no words; others are, such as PC and R2, unless a sign follows. */
const OPERAND = before(
  /\b(?:(?:[er][a-d]x|[er][sd]i|[er][sb]p|r(?:[89]|1[0-5])d?), ?|(?:[a-d]x|[sd]i|[a-d]l|r\d{1,2}d?|[xw]\d{1,2}|[afl]p|ip|sp|lr|pc), ?(?:[=#]-?|#-?\w{1,12}\s{1,8}[;@]\s))/,
);

const SCODE_BEFORE = before(/(?:None|'|\d), ?0, ?/);
const SCODE_BEHIND = after(/\), ?(?:None|\d{1,4})\)/);

/** Several errors are counted, not named: "the 80180014 errors of a week". */
const PLURAL_BEHIND = after(/\s(?:errors|exceptions)\b/);

/** So near, the word for error can mean nothing but the number, whatever its facility. */
const BESIDE = 3;

/** How far from the word for error a small number may stand, in UTF-16 units. */
const NEAR_ERROR = 14;

/** In decimal, numbers below this are near the smallest one of 32 bits, and stand for it. */
const NEAR_SMALLEST = 0x80000100;

/**
 * What is true of a candidate and of the text around it. Each feature is worked out when a rule
 * asks for it, and once. No feature changes what another one says.
 */
export class Features {
  readonly candidate: Candidate;
  readonly text: string;
  readonly #surroundings: Surroundings;
  readonly #previous: Previous | null;
  readonly #tables: Tables;
  #keyword: KeywordBefore | null | undefined;
  #hasKeywordBehind: boolean | undefined;
  #isNamedInColumn: boolean | undefined;
  #isNamedError: boolean | undefined;
  #fails: boolean | undefined;

  constructor(
    text: string,
    candidate: Candidate,
    previous: Previous | null,
    surroundings: Surroundings,
    tables: Tables,
  ) {
    this.text = text;
    this.candidate = candidate;
    this.#previous = previous;
    this.#surroundings = surroundings;
    this.#tables = tables;
  }

  // The number itself.

  /** Unsigned; 0 for what is malformed. */
  get value(): number {
    return "value" in this.candidate ? this.candidate.value : 0;
  }

  get flaw(): string | null {
    return this.candidate.kind === "malformed" ? this.candidate.flaw : null;
  }

  /** A code with a digit lost or doubled would be written so. */
  get hasNearSpelling(): boolean {
    return this.candidate.kind === "malformed" && this.candidate.near.length > 0;
  }

  /** Bit 31 is clear. */
  get isSuccess(): boolean {
    return this.value < 0x80000000;
  }

  get isFilling(): boolean {
    return isFilling(this.value);
  }

  get isRound(): boolean {
    return isRound(this.value);
  }

  get isOfIoKit(): boolean {
    return isOfIoKit(this.value);
  }

  get isOfPrinter(): boolean {
    return this.#tables.printers.has(this.value);
  }

  /** Its facility is known, whatever number it has there. */
  get hasKnownFacility(): boolean {
    return this.#tables.facilities.hasFacility(this.value);
  }

  /** Programs report failures with such numbers. */
  get isInFacilityRange(): boolean {
    return this.#tables.facilities.has(this.value);
  }

  get isDistinctive(): boolean {
    return this.#tables.facilities.isDistinctive(this.value);
  }

  /** Of the sign-in component of Microsoft Entra ID. */
  get isOfEntra(): boolean {
    return this.value >>> 20 === 0xcaa;
  }

  /** Of any facility but the first, in which other systems number their errors, too. */
  get isHresult(): boolean {
    return this.value >= 0x80010000 && this.value < 0x90000000;
  }

  // How it is written.

  /** Nobody writes a number so by chance: `0x80070005`, `&H80070005`. */
  get isPrefixed(): boolean {
    const { notation } = this.candidate;
    return notation === "hex" || notation === "hex_split" || notation === "hex_vb";
  }

  get isBare(): boolean {
    return this.candidate.notation === "hex_bare";
  }

  get isMisspelt(): boolean {
    return this.candidate.notation === "hex_misspelt";
  }

  get isDecimal(): boolean {
    return this.candidate.notation.startsWith("decimal");
  }

  get isSigned(): boolean {
    return this.candidate.notation === "decimal_signed";
  }

  /** All its digits are decimal ones, so that it may count something. */
  get isAllDecimal(): boolean {
    const { start, end, notation } = this.candidate;
    if (notation === "decimal_unsigned") return true;
    return this.isBare && /^\d+$/.test(this.text.slice(start, end));
  }

  /** Addresses in a kernel are written in the same way. */
  get isSignExtended(): boolean {
    return this.candidate.notation === "hex_sign_extended";
  }

  /** A sign-extended number without its prefix: `ffffffff80070005`. */
  get isSignExtendedBare(): boolean {
    return this.isSignExtended && /[fF]/.test(this.text.charAt(this.candidate.start));
  }

  /** A sign or a letter ties it to what stands before it. */
  get isTied(): boolean {
    return this.candidate.kind === "code" && this.candidate.isTied;
  }

  /** Sizes, counts and addresses are written in the same way. */
  get isAnyNumber(): boolean {
    const { notation } = this.candidate;
    if (notation === "decimal_unsigned" && this.value >= 0xc0000000) return !this.isOfEntra;
    return this.isDecimal && this.value < NEAR_SMALLEST;
  }

  get isInBase64(): boolean {
    return isInBase64(this.text, this.candidate.start, this.candidate.end);
  }

  // Keywords.

  /** The nearest keyword before it that can belong to it. */
  get keyword(): KeywordBefore | null {
    if (this.#keyword === undefined) this.#keyword = keywordBefore(this.text, this.candidate.start);
    return this.#keyword;
  }

  /** The word for error stands right before it, but for a few letters. */
  get isNearError(): boolean {
    return this.isLabelled && (this.keyword?.distance ?? 0) <= NEAR_ERROR;
  }

  get isLabelledCode(): boolean {
    return this.keyword?.kind === "code";
  }

  get isLabelledError(): boolean {
    return this.keyword?.kind === "error";
  }

  /** A keyword before it names an error. */
  get isLabelled(): boolean {
    return this.isLabelledCode || this.isLabelledError;
  }

  /** The word for error touches it, but for a sign or two. */
  get isBesideError(): boolean {
    return this.isLabelledError && (this.keyword?.distance ?? 0) <= BESIDE;
  }

  /** A word of which it is a number of a machine: `offset`, and `port` where it is no noun. */
  get isLabelledMachine(): boolean {
    return (
      this.keyword?.kind === "machine" ||
      (this.keyword?.kind === "field" && !this.keyword.isInSentence)
    );
  }

  get isLabelledEveryday(): boolean {
    return this.keyword?.kind === "everyday";
  }

  /** The word for error stands right behind it: `80244019 error`. */
  get hasKeywordBehind(): boolean {
    this.#hasKeywordBehind ??=
      hasKeywordBehind(this.text, this.candidate.end) && !this.holdsBehind(PLURAL_BEHIND);
    return this.#hasKeywordBehind;
  }

  /** The head of its column names an error. */
  get isNamedInColumn(): boolean {
    this.#isNamedInColumn ??= this.#readColumn();
    return this.#isNamedInColumn;
  }

  #readColumn() {
    const { start } = this.candidate;
    const column = columnOf(this.text, start);
    if (column === null) return false;
    const kind = keywordBefore(`${column}: `, column.length + 2)?.kind;
    return kind === "code" || kind === "error";
  }

  /** A keyword or a neighbour says that it is an error code. */
  get isNamedError(): boolean {
    this.#isNamedError ??=
      this.isLabelled ||
      this.isSecondSpelling ||
      this.followsCode ||
      this.isComScode ||
      this.hasKeywordBehind ||
      this.isNamedInColumn;
    return this.#isNamedError;
  }

  // Neighbours.

  /** The number before it is a code, and this one goes on its list. */
  get followsCode(): boolean {
    const previous = this.#previous;
    if (previous === null || previous.verdict !== "firm") return false;
    return isListed(this.text, previous.candidate, this.candidate);
  }

  /** It spells the number before it in another notation, as nobody does but for a code. */
  get isSecondSpelling(): boolean {
    const candidate = this.#previous?.candidate;
    if (candidate === undefined || !("value" in candidate) || this.#previous?.isExcluded) {
      return false;
    }
    return (
      candidate.value === this.value &&
      candidate.notation !== this.candidate.notation &&
      !this.isSignExtended &&
      isBeside(candidate, this.candidate)
    );
  }

  /** The innermost number of what Python shows of an error of COM. */
  get isComScode(): boolean {
    return this.isSigned && this.holdsBefore(SCODE_BEFORE) && this.holdsBehind(SCODE_BEHIND);
  }

  // The text around it.

  holdsBefore(pattern: RegExp): boolean {
    return holds(pattern, this.text, this.candidate.start);
  }

  holdsBehind(pattern: RegExp): boolean {
    return holds(pattern, this.text, this.candidate.end);
  }

  get isOperand(): boolean {
    return this.holdsBefore(OPERAND);
  }

  get isNamedByOtherSystem(): boolean {
    return this.holdsBefore(OTHER_SYSTEM_BEFORE) || this.holdsBehind(OTHER_SYSTEM_BEHIND);
  }

  /** The text is short, or it stands alone in its line or field. */
  get isAlone(): boolean {
    const { start, end } = this.candidate;
    return this.#surroundings.isBrief || standsAlone(this.text, start, end);
  }

  /** The text near it, or where it begins, speaks of a failure or of Windows. */
  get speaksOfFailure(): boolean {
    const { start } = this.candidate;
    this.#fails ??=
      this.#surroundings.failures.has(Math.max(0, start - NEAR), start + NEAR) ||
      this.#surroundings.failsAtStart;
    return this.#fails;
  }

  get speaksOfGoods(): boolean {
    return this.#isNear(this.#surroundings.goods, GOODS_REACH);
  }

  get speaksOfStop(): boolean {
    return this.#isNear(this.#surroundings.stops, NEAR);
  }

  get speaksOfInstaller(): boolean {
    return this.#isNear(this.#surroundings.installers, NEAR);
  }

  #isNear(words: Surroundings["goods"], reach: number) {
    const { start } = this.candidate;
    return words.has(Math.max(0, start - reach), start + reach);
  }

  // Small numbers, which may be Win32 errors.

  /** Eight hex digits, of which the first four are zeros. */
  get hasEightDigits(): boolean {
    return this.candidate.kind === "win32" && this.candidate.digits === 8;
  }

  get isSmallHex(): boolean {
    return this.candidate.kind === "win32" && this.candidate.digits !== null;
  }

  get isBehindWin32Keyword(): boolean {
    return windows.isBehindWin32Keyword(this.text, this.candidate.start);
  }

  get isNamedBySentence(): boolean {
    return windows.isNamedBySentence(this.text, this.candidate.start, this.candidate.end);
  }

  get hasFunctionBehind(): boolean {
    return windows.hasFunctionBehind(this.text, this.candidate.end);
  }

  get hasMessageBehind(): boolean {
    return windows.hasMessageBehind(this.text, this.candidate.end);
  }

  get isBehindMessage(): boolean {
    return windows.isBehindMessage(this.text, this.candidate.start);
  }

  get isBehindVpnWord(): boolean {
    return windows.isBehindVpnWord(this.text, this.candidate.start);
  }

  /** The same number stands beside it, in the other base. */
  get hasTwin(): boolean {
    const { start, end } = this.candidate;
    return windows.hasTwin(this.text, start, end, this.value, this.isSmallHex);
  }

  get isOfHttp(): boolean {
    return this.value >= 400 && this.value <= 599;
  }

  get speaksOfHttp(): boolean {
    return windows.speaksOfHttp(this.text, this.candidate.start);
  }

  get isOnWindows(): boolean {
    return windows.isOnWindows(this.text, this.candidate.start);
  }

  isInWin32Range(beside: Win32Range["beside"]): boolean {
    return isInWin32Range(this.value, beside, this.#tables.win32);
  }

  /** The text just before it, at most `length` UTF-16 units. */
  before(length: number): string {
    const { start } = this.candidate;
    return this.text.slice(Math.max(0, start - length), start);
  }

  /** The text just behind it. */
  behind(length: number): string {
    return this.text.slice(this.candidate.end, this.candidate.end + length);
  }

  /** The text on both sides of it. */
  around(length: number): string {
    const { start, end } = this.candidate;
    return this.text.slice(Math.max(0, start - length), end + length);
  }
}

/** How far from a number the names of goods are looked for. */
const GOODS_REACH = 100;

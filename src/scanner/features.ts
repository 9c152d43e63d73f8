import { areAdjacent, areInOneList } from "./adjacency.ts";
import type { Candidate } from "./candidate.ts";
import {
  createRangeIndex,
  endsInZeros,
  FACILITY_RANGES,
  isFillPattern,
  isIoKitError,
  PRINTER_RANGES,
  type RangeIndex,
} from "./facility-ranges.ts";
import type { Verdict } from "./finding.ts";
import { hasKeywordAfter, type KeywordBefore, keywordBefore } from "./keywords.ts";
import { followedBy, matchesAt, precededBy } from "./pattern.ts";
import { columnOf, isInBase64, NEAR, type Surroundings, standsAlone } from "./surroundings.ts";
import { isInWin32Range, WIN32_RANGES, type Win32Range } from "./win32-ranges.ts";
import * as windows from "./windows-errors.ts";

/** The tables in which features look up numbers. The mutation test removes rows from them. */
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

/** The previous candidate, and what was decided on it. */
export interface Previous {
  readonly candidate: Candidate;
  readonly rule: { readonly verdict: Verdict; readonly appliesToAllOccurrences?: true };
}

/** Names of errors of other systems: Sony consoles and macOS. */
const OTHER_SYSTEM = /(?:CELL|SCE)_\w{2,60}|kIO\w{2,60}/.source;
const OTHER_SYSTEM_BEFORE = new RegExp(`(?<=\\b(?:${OTHER_SYSTEM})\\s?[:(=]\\s?)`, "y");
const OTHER_SYSTEM_AFTER = new RegExp(`\\s?[:(=]\\s?(?:${OTHER_SYSTEM})`, "y");

/**
 * A register before its value. If the name of the register may be a word, such as PC or R2, assembly
 * syntax must follow.
 */
const OPERAND = precededBy(
  /\b(?:(?:[er][a-d]x|[er][sd]i|[er][sb]p|r(?:[89]|1[0-5])d?), ?|(?:[a-d]x|[sd]i|[a-d]l|r\d{1,2}d?|[xw]\d{1,2}|[afl]p|ip|sp|lr|pc), ?(?:[=#]-?|#-?\w{1,12}\s{1,8}[;@]\s))/,
);

const SCODE_BEFORE = precededBy(/(?:None|'|\d), ?0, ?/);
const SCODE_AFTER = followedBy(/\), ?(?:None|\d{1,4})\)/);

/** A plural means that the number is a count: "the 80180014 errors of a week". */
const PLURAL_AFTER = followedBy(/\s(?:errors|exceptions)\b/);

/** So close to the number, the keyword refers to it whatever its facility. In UTF-16 units. */
const TOUCHING = 3;

/** The longest distance between a keyword and a small number, in UTF-16 units. */
const NEAR_KEYWORD = 14;

/** Decimal numbers from 0x80000000 up to this one are mostly limits of 32-bit integers. */
const NEAR_SMALLEST = 0x80000100;

/**
 * The features of a candidate and of the text around it, which the rules test. Costly ones are
 * computed on first use and kept.
 */
export class Features {
  readonly candidate: Candidate;
  readonly text: string;
  readonly #surroundings: Surroundings;
  readonly #previous: Previous | null;
  readonly #tables: Tables;
  #keyword: KeywordBefore | null | undefined;
  #hasKeywordAfter: boolean | undefined;
  #isNamedInColumn: boolean | undefined;
  #isNamedAsError: boolean | undefined;
  #mentionsFailure: boolean | undefined;

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

  /** Unsigned; 0 for a malformed token. */
  get value(): number {
    return "value" in this.candidate ? this.candidate.value : 0;
  }

  get flaw(): string | null {
    return this.candidate.kind === "malformed" ? this.candidate.flaw : null;
  }

  /** With one digit more or less it would be a code. */
  get hasCorrections(): boolean {
    return this.candidate.kind === "malformed" && this.candidate.corrections.length > 0;
  }

  /** Bit 31 is clear. */
  get isSuccess(): boolean {
    return this.value < 0x80000000;
  }

  get isFillPattern(): boolean {
    return isFillPattern(this.value);
  }

  get endsInZeros(): boolean {
    return endsInZeros(this.value);
  }

  get isIoKitError(): boolean {
    return isIoKitError(this.value);
  }

  get isPrinterCode(): boolean {
    return this.#tables.printers.has(this.value);
  }

  /** Its facility is known, even if the number lies outside its range. */
  get hasKnownFacility(): boolean {
    return this.#tables.facilities.hasFacility(this.value);
  }

  /** It lies in the range of numbers that its facility uses. */
  get isInFacilityRange(): boolean {
    return this.#tables.facilities.has(this.value);
  }

  get isDistinctive(): boolean {
    return this.#tables.facilities.isDistinctive(this.value);
  }

  /** A code of the sign-in component of Microsoft Entra ID: `0xCAA…`. */
  get isEntraCode(): boolean {
    return this.value >>> 20 === 0xcaa;
  }

  /** An HRESULT of any facility but 0x8000, where other systems have errors, too. */
  get isHresult(): boolean {
    return this.value >= 0x80010000 && this.value < 0x90000000;
  }

  // How it is written.

  /** It has a prefix for hex: `0x80070005`, `&H80070005`. */
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

  /** It has no prefix and only the digits 0 to 9, so that it may be a decimal number. */
  get isAllDecimal(): boolean {
    const { start, end, notation } = this.candidate;
    if (notation === "decimal_unsigned") return true;
    return this.isBare && /^\d+$/.test(this.text.slice(start, end));
  }

  /** Written in 64 bits, `0xffffffff80070005`, as kernel addresses are. */
  get isSignExtended(): boolean {
    return this.candidate.notation === "hex_sign_extended";
  }

  /** A sign-extended number without its prefix: `ffffffff80070005`. */
  get isSignExtendedBare(): boolean {
    return this.isSignExtended && /[fF]/.test(this.text.charAt(this.candidate.start));
  }

  /** A letter or a punctuation mark joins it to the word before: `build/80070005`. */
  get isAttached(): boolean {
    return this.candidate.kind === "code" && this.candidate.isAttached;
  }

  /** A decimal number that may as well be a size, a count or an address. */
  get mayBeCount(): boolean {
    const { notation } = this.candidate;
    if (notation === "decimal_unsigned" && this.value >= 0xc0000000) return !this.isEntraCode;
    return this.isDecimal && this.value < NEAR_SMALLEST;
  }

  get isInBase64(): boolean {
    return isInBase64(this.text, this.candidate.start, this.candidate.end);
  }

  // Keywords.

  /** The nearest keyword before it that can refer to it; null when there is none. */
  get keyword(): KeywordBefore | null {
    if (this.#keyword === undefined) this.#keyword = keywordBefore(this.text, this.candidate.start);
    return this.#keyword;
  }

  /** A keyword names an error at most `NEAR_KEYWORD` units before it. */
  get isNearErrorKeyword(): boolean {
    return this.isLabelled && (this.keyword?.distance ?? 0) <= NEAR_KEYWORD;
  }

  get hasCodeKeyword(): boolean {
    return this.keyword?.kind === "code";
  }

  get hasErrorKeyword(): boolean {
    return this.keyword?.kind === "error";
  }

  /** A keyword before it says that it is an error code. */
  get isLabelled(): boolean {
    return this.hasCodeKeyword || this.hasErrorKeyword;
  }

  /** The word for error stands directly before it, with at most `TOUCHING` units between. */
  get touchesErrorKeyword(): boolean {
    return this.hasErrorKeyword && (this.keyword?.distance ?? 0) <= TOUCHING;
  }

  /** A keyword says that it is a technical number: `offset`, or `port` unless that is a noun. */
  get hasMachineKeyword(): boolean {
    return (
      this.keyword?.kind === "machine" ||
      (this.keyword?.kind === "field" && !this.keyword.isInSentence)
    );
  }

  get hasEverydayKeyword(): boolean {
    return this.keyword?.kind === "everyday";
  }

  /** The word for error directly follows it: `80244019 error`. */
  get hasKeywordAfter(): boolean {
    this.#hasKeywordAfter ??=
      hasKeywordAfter(this.text, this.candidate.end) && !this.matchesAfter(PLURAL_AFTER);
    return this.#hasKeywordAfter;
  }

  /** A keyword names an error near before it, or directly after it. */
  get isBesideErrorKeyword(): boolean {
    return this.isNearErrorKeyword || this.hasKeywordAfter;
  }

  /** The header of its table column names an error. */
  get isNamedInColumn(): boolean {
    this.#isNamedInColumn ??= this.#readColumnHeader();
    return this.#isNamedInColumn;
  }

  #readColumnHeader() {
    const { start } = this.candidate;
    const column = columnOf(this.text, start);
    if (column === null) return false;
    const kind = keywordBefore(`${column}: `, column.length + 2)?.kind;
    return kind === "code" || kind === "error";
  }

  /** A keyword or a neighbour says that it is an error code. */
  get isNamedAsError(): boolean {
    this.#isNamedAsError ??=
      this.isLabelled ||
      this.isSecondSpelling ||
      this.continuesCodeList ||
      this.isComScode ||
      this.hasKeywordAfter ||
      this.isNamedInColumn;
    return this.#isNamedAsError;
  }

  // Neighbours.

  /** The previous number is a code, and this one is the next member of the same list. */
  get continuesCodeList(): boolean {
    const previous = this.#previous;
    if (previous === null || previous.rule.verdict !== "firm") return false;
    return areInOneList(this.text, previous.candidate, this.candidate);
  }

  /** It repeats the previous number in another notation, as people do only for codes. */
  get isSecondSpelling(): boolean {
    const candidate = this.#previous?.candidate;
    if (
      candidate === undefined ||
      !("value" in candidate) ||
      this.#previous?.rule.appliesToAllOccurrences
    ) {
      return false;
    }
    return (
      candidate.value === this.value &&
      candidate.notation !== this.candidate.notation &&
      !this.isSignExtended &&
      areAdjacent(candidate, this.candidate)
    );
  }

  /** The scode of a COM error as pywin32 prints it: the last number of the inner tuple. */
  get isComScode(): boolean {
    return this.isSigned && this.matchesBefore(SCODE_BEFORE) && this.matchesAfter(SCODE_AFTER);
  }

  // The text around it.

  matchesBefore(pattern: RegExp): boolean {
    return matchesAt(pattern, this.text, this.candidate.start);
  }

  matchesAfter(pattern: RegExp): boolean {
    return matchesAt(pattern, this.text, this.candidate.end);
  }

  get isOperand(): boolean {
    return this.matchesBefore(OPERAND);
  }

  get isOtherSystemError(): boolean {
    return this.matchesBefore(OTHER_SYSTEM_BEFORE) || this.matchesAfter(OTHER_SYSTEM_AFTER);
  }

  /** The text is short, or the number is alone in its line or table field. */
  get isAlone(): boolean {
    const { start, end } = this.candidate;
    return this.#surroundings.isBrief || standsAlone(this.text, start, end);
  }

  /** The text near it, or the start of the text, mentions a failure or Windows. */
  get mentionsFailure(): boolean {
    const { start } = this.candidate;
    this.#mentionsFailure ??=
      this.#surroundings.failureWords.has(Math.max(0, start - NEAR), start + NEAR) ||
      this.#surroundings.mentionsFailureAtStart;
    return this.#mentionsFailure;
  }

  get mentionsGoods(): boolean {
    return this.#isNear(this.#surroundings.goodsWords, GOODS_REACH);
  }

  get mentionsStopCode(): boolean {
    return this.#isNear(this.#surroundings.stopWords, NEAR);
  }

  get mentionsInstaller(): boolean {
    return this.#isNear(this.#surroundings.installerWords, NEAR);
  }

  #isNear(words: Surroundings["goodsWords"], reach: number) {
    const { start } = this.candidate;
    return words.has(Math.max(0, start - reach), start + reach);
  }

  // Small numbers, which may be Win32 errors.

  /** Eight hex digits: `0x00000005`. */
  get hasEightDigits(): boolean {
    return this.candidate.kind === "win32" && this.candidate.digits === 8;
  }

  get isSmallHex(): boolean {
    return this.candidate.kind === "win32" && this.candidate.digits !== null;
  }

  get followsWin32Keyword(): boolean {
    return windows.followsWin32Keyword(this.text, this.candidate.start);
  }

  get followsFailedCall(): boolean {
    return windows.followsFailedCall(this.text, this.candidate.start, this.candidate.end);
  }

  get hasFunctionAfter(): boolean {
    return windows.hasFunctionAfter(this.text, this.candidate.end);
  }

  get hasMessageAfter(): boolean {
    return windows.hasMessageAfter(this.text, this.candidate.end);
  }

  get followsMessage(): boolean {
    return windows.followsMessage(this.text, this.candidate.start);
  }

  get followsVpnWord(): boolean {
    return windows.followsVpnWord(this.text, this.candidate.start);
  }

  /** The same number is next to it in the other base: `1722 (0x6ba)`. */
  get hasTwin(): boolean {
    const { start, end } = this.candidate;
    return windows.hasTwin(this.text, start, end, this.value, this.isSmallHex);
  }

  get isHttpStatus(): boolean {
    return this.value >= 400 && this.value <= 599;
  }

  get mentionsHttp(): boolean {
    return windows.mentionsHttp(this.text, this.candidate.start);
  }

  get isFromWindows(): boolean {
    return windows.isFromWindows(this.text, this.candidate.start);
  }

  isInWin32Range(beside: Win32Range["beside"]): boolean {
    return isInWin32Range(this.value, beside, this.#tables.win32);
  }

  /** The text directly before it, at most `length` UTF-16 units. */
  textBefore(length: number): string {
    const { start } = this.candidate;
    return this.text.slice(Math.max(0, start - length), start);
  }

  /** The text directly after it, at most `length` UTF-16 units. */
  textAfter(length: number): string {
    return this.text.slice(this.candidate.end, this.candidate.end + length);
  }

  /** The number with the text on both sides, at most `length` UTF-16 units each. */
  textAround(length: number): string {
    const { start, end } = this.candidate;
    return this.text.slice(Math.max(0, start - length), end + length);
  }
}

/** How far from a number words for goods are searched, in UTF-16 units. */
const GOODS_REACH = 100;

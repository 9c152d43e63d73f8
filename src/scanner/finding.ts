import type { Hresult } from "../hresult/hresult.ts";

/** A stretch of a text, in UTF-16 units; `end` is not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a rule says about a number. `firm`: it is an error code. `tentative`: it is an error code if
 * the catalog or a Windows header knows it. `rejected`: it is not an error code.
 */
export type Verdict = "firm" | "tentative" | "rejected";

/** How a number is written. */
export type Notation =
  /** `0x80070005` */
  | "hex"
  /** `0xffffffff80070005` */
  | "hex_sign_extended"
  /** `0x8007 0005`, `0 x 80070005`, `0x8007-0005` */
  | "hex_split"
  /** `80070005` */
  | "hex_bare"
  /** `&H80070005` */
  | "hex_vb"
  /** `Ox80070005`, `0x8OO70005`, `x80070005` */
  | "hex_misspelt"
  /** `-2147024891` */
  | "decimal_signed"
  /** `2147942405` */
  | "decimal_unsigned"
  /** `5`: a Win32 error */
  | "win32"
  /** `0x00000005` or `0x5`: a Win32 error */
  | "win32_hex"
  /** `E_ACCESSDENIED` */
  | "symbol";

/** A code with its notation and its place in the text. */
export interface Finding extends Span {
  readonly code: Hresult;
  readonly notation: Notation;
  /** Nothing near it names an error: it counts only if the catalog or a Windows header knows it. */
  readonly tentative: boolean;
  /** The id of the rule that decided. */
  readonly rule: string;
  /**
   * A number that belongs to the code: the second of a pair, such as `0x20017` in
   * "0xC1900101 - 0x20017", or a Microsoft Entra ID number, such as `AADSTS50126`.
   */
  readonly second?: string;
}

/** A word that looks like a symbol. It counts if the catalog knows its hash. */
export interface SymbolMention extends Span {
  readonly key: string;
}

/** A number that looks like a code, and the rule that rejected it. */
export interface Ignored extends Span {
  readonly notation: Notation;
  readonly rule: string;
  /** Why the rule rejected it, for a person. */
  readonly reason: string;
  /**
   * Codes that the author may have meant: a keyword is next to the number, and it has one digit too
   * few or too many. If exactly one of them is known, that code was meant.
   */
  readonly near?: readonly Hresult[];
}

/** What a scan finds in a text. */
export interface Scan {
  /** Each code once, at its first place, in the order of the text. */
  readonly findings: readonly Finding[];
  readonly symbols: readonly SymbolMention[];
  /** At most the first 1,000: a log may hold very many. */
  readonly ignored: readonly Ignored[];
}

import type { Hresult } from "../hresult/hresult.ts";

/** A stretch of a text, in UTF-16 units; `end` is not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a rule says of a number. `firm`: it is an error code. `tentative`: it is one if the catalog
 * or a Windows header knows it. `rejected`: it is none.
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
  /** Nothing near it says that it is an error code: it counts only when the catalog knows it. */
  readonly tentative: boolean;
  /** The id of the rule that decided. */
  readonly rule: string;
  /**
   * A number that belongs to the code: the second of a pair, as `0x20017` in
   * "0xC1900101 - 0x20017", or one of Microsoft Entra ID, as `AADSTS50126`.
   */
  readonly second?: string;
}

/** A word that looks like a symbol. It counts when the catalog knows its key. */
export interface SymbolMention extends Span {
  readonly key: string;
}

/** A number that looks like a code, and the rule that says why it is none. */
export interface Ignored extends Span {
  readonly notation: Notation;
  readonly rule: string;
  /** The rule's sentence. */
  readonly reason: string;
  /**
   * What it may have been meant to be: a keyword stands beside it, and a digit is missing or too
   * many. When the catalog names exactly one of these codes, that one was meant.
   */
  readonly near?: readonly Hresult[];
}

/** What a scan finds in a text. */
export interface Scan {
  /** Each code once, at its first place, in the order of the text. */
  readonly findings: readonly Finding[];
  readonly symbols: readonly SymbolMention[];
  /** The first thousand of them: a log may hold very many. */
  readonly ignored: readonly Ignored[];
}

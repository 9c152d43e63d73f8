import type { Notation, Span } from "./finding.ts";

/** A token that reads as a 32-bit number. */
export interface CodeCandidate extends Span {
  readonly kind: "code";
  readonly notation: Notation;
  /** Unsigned, 32 bits. */
  readonly value: number;
  /** A letter or a punctuation mark joins it to the word before, as in `build/80070005`. */
  readonly isAttached: boolean;
}

/** A number of at most 16 bits, which may be a Win32 error. */
export interface Win32Candidate extends Span {
  readonly kind: "win32";
  readonly notation: "win32" | "win32_hex";
  /** 1 to 65535. */
  readonly value: number;
  /** How many hex digits it is written with; null when it is decimal. */
  readonly digits: number | null;
}

/** Why a malformed token cannot be a code. `longer`: it is part of a longer name or number. */
export type Flaw = "length" | "guid" | "longer" | "range";

/** A token that looks like a code and cannot be one. */
export interface Malformed extends Span {
  readonly kind: "malformed";
  readonly notation: Notation;
  readonly flaw: Flaw;
  /** Codes, unsigned, that the author may have meant: one digit was lost or doubled. */
  readonly corrections: readonly number[];
}

export type Candidate = CodeCandidate | Win32Candidate | Malformed;

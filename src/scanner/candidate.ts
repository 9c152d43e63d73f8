import type { Notation, Span } from "./finding.ts";

/** A token that reads as a 32-bit number. */
export interface CodeCandidate extends Span {
  readonly kind: "code";
  readonly notation: Notation;
  /** Unsigned, 32 bits. */
  readonly value: number;
  /** A sign or a letter ties it to what stands before it, as in `build/80070005`. */
  readonly isTied: boolean;
}

/** A small number, which may be a Win32 error. */
export interface Win32Candidate extends Span {
  readonly kind: "win32";
  readonly notation: "win32" | "win32_hex";
  /** 1 to 65535. */
  readonly value: number;
  /** Hex digits; null when it is decimal. */
  readonly digits: number | null;
}

/** Why a token that looks like a code cannot be one. */
export type Flaw = "length" | "guid" | "longer" | "range";

/** A token that looks like a code and cannot be one. */
export interface Malformed extends Span {
  readonly kind: "malformed";
  readonly notation: Notation;
  readonly flaw: Flaw;
  /** Unsigned numbers that differ from it by one digit lost or doubled. */
  readonly near: readonly number[];
}

export type Candidate = CodeCandidate | Win32Candidate | Malformed;

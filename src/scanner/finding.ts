import type { Hresult } from "../hresult/hresult.ts";
import type { Notation } from "./notation.ts";

/** A place in the text: UTF-16 units, `end` not included. */
export interface Place {
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

/** A word that looks like a symbol: it counts when the catalog knows its key. */
export interface Named extends Place {
  readonly key: string;
}

/** What only looks like a code, and why it is none. */
export interface Ignored extends Place {
  readonly notation: Notation;
  readonly reason: string;
  /** For a code with a digit too few or too many: what it may have been. */
  readonly near?: readonly Hresult[];
}

export interface Scan {
  /** Each code once, where it first appears, in that order. */
  readonly findings: readonly Finding[];
  readonly names: readonly Named[];
  /** The first of them: a log may hold very many. */
  readonly ignored: readonly Ignored[];
}

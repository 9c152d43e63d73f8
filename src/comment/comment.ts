import type { Hresult } from "../hresult/hresult.ts";

/** A piece of a line: plain words, or words with a role. */
export type Span =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string };

export type Line = readonly Span[];

/** One line of a list, with the lines below it. */
export interface Item {
  readonly line: Line;
  readonly items: readonly Item[];
}

export type Block =
  | { readonly kind: "heading" | "paragraph"; readonly line: Line }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Item[] };

/** A comment without markup. */
export interface Comment {
  /** The one language of all its words: a tag of `locales/`. */
  readonly locale: string;
  /** What it is about, in the order in which it says so. */
  readonly codes: readonly Hresult[];
  /** True when a code in it has no known mitigation. */
  readonly contactMicrosoft: boolean;
  /** The same as words for a ticket's tags: lower-case letters, digits and dashes. */
  readonly tags: readonly string[];
  readonly catalogVersion: string;
  /** Most important first: what does not fit into a ticket system is cut from the end. */
  readonly blocks: readonly Block[];
  /** The source and the version; never cut. */
  readonly footer: Line;
  /** What stands before the footer when something was cut. */
  readonly shortened: Line;
}

/** Reads the small markup of catalog and locales: what stands between backticks is code. */
export function toLine(text: string): Line {
  return text
    .split("`")
    .map((part, index): Span => ({ kind: index % 2 === 1 ? "code" : "text", text: part }))
    .filter((span) => span.text !== "");
}

/** Text as code, in the same small markup. */
export function quote(text: string): string {
  return `\`${text}\``;
}

export function item(text: string, items: readonly Item[] = []): Item {
  return { line: toLine(text), items };
}

export function heading(text: string): Block {
  return { kind: "heading", line: toLine(text) };
}

export function paragraph(text: string): Block {
  return { kind: "paragraph", line: toLine(text) };
}

export function bullets(items: readonly Item[]): Block {
  return { kind: "list", ordered: false, items };
}

export function numbers(items: readonly Item[]): Block {
  return { kind: "list", ordered: true, items };
}

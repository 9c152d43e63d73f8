import type { Hresult } from "../hresult/hresult.ts";

/** A part of a line: text, code or a link. */
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
  /** The language: a tag of `locales/`, or several joined by `+`. */
  readonly locale: string;
  /** The codes that it explains, in its order. */
  readonly codes: readonly Hresult[];
  /** The comment sends the reader to Microsoft because of at least one code. */
  readonly contactMicrosoft: boolean;
  /** Tags for the ticket: lower-case letters, digits and dashes. */
  readonly tags: readonly string[];
  readonly catalogVersion: string;
  /** The most important first: a comment that is too long is cut from the end. */
  readonly blocks: readonly Block[];
  /** Source and catalog version; never cut. */
  readonly footer: Line;
  /** The line before the footer that says that the comment was cut. */
  readonly shortened: Line;
}

/** Parses the markup of catalog and locales: text between backticks is code. */
export function toLine(text: string): Line {
  return text
    .split("`")
    .map((part, index): Span => ({ kind: index % 2 === 1 ? "code" : "text", text: part }))
    .filter((span) => span.text !== "");
}

/** Marks text as code, for `toLine`. */
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

import type { Words } from "./words/en.ts";
import type { Language } from "./words/index.ts";

/** The pages of the console, in the order in which they are offered. */
export const SECTIONS = ["look-up", "tickets", "backlog", "catalog", "health"] as const;
export type Section = (typeof SECTIONS)[number];

/** What every page knows of its reader. */
export interface View {
  readonly words: Words;
  readonly language: Language;
  /** The token that every form of this page carries. */
  readonly formToken: string;
  /** Null while nobody is signed in. `access`: Cloudflare Access signs people in and out. */
  readonly signedInBy: "session" | "access" | null;
  /** Address of this page for the links that switch the language. */
  readonly path: string;
}

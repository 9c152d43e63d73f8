import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import GithubSlugger from "github-slugger";
import { lexer, type Token, walkTokens } from "marked";
import { ROOT } from "../scripts/child.ts";

/** A code block, and the heading above it. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  readonly heading: string;
}

/** What the tests of the documentation read of a page. */
export interface Page {
  /** Its path below the folder of the project. */
  readonly path: string;
  readonly links: readonly string[];
  /** The anchors that GitHub gives its headings. */
  readonly anchors: ReadonlySet<string>;
  readonly blocks: readonly CodeBlock[];
  /** What stands between backticks in the text. */
  readonly code: readonly string[];
}

/** Every Markdown page of the project, tests and packages left out. */
export const PAGES: readonly Page[] = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT })
  .sort()
  .map(readPage);

function readPage(path: string): Page {
  const slugger = new GithubSlugger();
  const [links, anchors] = [[] as string[], new Set<string>()];
  const [blocks, code] = [[] as CodeBlock[], [] as string[]];
  let heading = "";
  walkTokens(lexer(readFileSync(join(ROOT, path), "utf8")), (token: Token) => {
    if (token.type === "heading") {
      heading = textOf(token.tokens ?? []);
      anchors.add(slugger.slug(heading));
    }
    if (token.type === "link" || token.type === "image") links.push(token.href);
    if (token.type === "code") {
      blocks.push({ language: token.lang ?? "", text: token.text, heading });
    }
    if (token.type === "codespan") code.push(token.text);
  });
  return { path, links, anchors, blocks, code };
}

/** The text of a heading without its markup. */
function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ("tokens" in token && token.tokens ? textOf(token.tokens) : rawText(token)))
    .join("");
}

function rawText(token: Token) {
  return "text" in token ? String(token.text) : "";
}

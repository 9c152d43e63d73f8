import { expect, test } from "vitest";
import {
  type Block,
  bullets,
  heading,
  item,
  type Line,
  numbers,
  paragraph,
  toLine,
} from "../../src/comment/comment.ts";
import { format, type Markup } from "../../src/comment/format.ts";
import { commentWith } from "./comment.ts";

const MARKUPS = ["text", "markdown", "html", "jira", "textile", "backlog"] satisfies Markup[];

function write(markup: Markup, blocks: readonly Block[], footer: Line = []) {
  const comment = commentWith({ blocks, footer });
  return format(comment, markup);
}

const line = (text: string): Line => [{ kind: "text", text }];
const link = (text: string): Line => [{ kind: "link", text, url: "https://learn.example/" }];

/** The places in a comment where text of other people can stand. */
const PLACES: Readonly<Record<string, (text: string) => Block>> = {
  "a paragraph": (text) => ({ kind: "paragraph", line: line(text) }),
  "a second line": (text) => ({ kind: "paragraph", line: line(`Hello\n${text}`) }),
  "a heading": (text) => ({ kind: "heading", line: line(text) }),
  "a list": (text) => bullets([{ line: line(text), items: [{ line: line(text), items: [] }] }]),
  "a link": (text) => ({ kind: "paragraph", line: link(text) }),
};

/** Text that ticket systems act on, whatever their markup. `&#1;` is an entity and not a ticket. */
const acts: [hostile: string, armed: RegExp, why: string][] = [
  ["/close @all", /^\s*\/close/m, "a quick action"],
  ["/close @all", /@all/, "people"],
  ["see #1", /(?<!&)#1/, "a ticket"],
  ["see !2", /!2/, "a merge request"],
  ["a \u0024{x}", /\$\{x/, "a substitution"],
  ["a {code} b", /\{code/, "a macro of Jira"],
  ["a {{macro}} b", /\{\{macro/, "a macro of Redmine"],
  ["a [[wiki]] b", /\[\[wiki/, "a page of a wiki"],
  ["a !image! b", /!image!/, "a picture"],
];

const everywhere = MARKUPS.flatMap((markup) =>
  Object.keys(PLACES).flatMap((place) => acts.map((each) => [markup, place, ...each] as const)),
);

test.each(everywhere)(
  "in %s, in %s, %j does not become %s: %s",
  (markup, place, hostile, armed) => {
    const block = PLACES[place]?.(hostile);
    if (block === undefined) throw new Error("no such place");
    const written = write(markup, [block]);
    expect(written).not.toMatch(armed);
    expect(written, "the words are still there").toContain(/\w{4,}|\b\w\b/.exec(hostile)?.[0]);
  },
);

/** What one markup acts on: marks without a backslash before them, or at a line's beginning. */
const marks: [markup: Markup, hostile: string, armed: RegExp, why: string][] = [
  ["markdown", "[x](javascript:1)", /(?<!\\)\]\(/, "a link"],
  ["markdown", "![x](https://else.example/x.png)", /(?<!\\)\]\(/, "a picture"],
  ["markdown", "<script>alert(1)</script>", /(?<!\\)<\/?script/, "a tag"],
  ["markdown", "<https://else.example/>", /(?<!\\)<https/, "a link"],
  ["markdown", "- x", /^\s*-\s/m, "a list"],
  ["markdown", "* x", /^\s*\*\s/m, "a list"],
  ["markdown", "+ x", /^\s*\+\s/m, "a list"],
  ["markdown", "1. x", /^\s*1\.\s/m, "a list"],
  ["markdown", "1) x", /^\s*1\)\s/m, "a list"],
  ["markdown", "# x", /^\s*#/m, "a heading"],
  ["markdown", "---", /^\s*-/m, "a rule, or a heading"],
  ["markdown", "===", /^\s*=/m, "a heading"],
  ["markdown", "> x", /^\s*>/m, "a quotation"],
  ["markdown", "| a | b |", /(?<!\\)\|/, "a table"],
  ["markdown", "```\nx", /(?<!\\)`/, "a block of code"],
  ["markdown", "~~~\nx", /(?<!\\)~/, "a block of code"],
  ["markdown", "&lt;script&gt;", /(?<!\\)&lt/, "a letter by its name"],
  ["html", "<script>alert(1)</script> <b>", /<\/?(?:script|b)>/, "a tag"],
  ["html", '" onclick="x" <a href=x>', /"|<a/, "an attribute"],
  ["html", "&lt;script&gt;", /&lt/, "a letter by its name"],
  ["jira", "{quote}x{quote}", /(?<!\\)\{quote/, "a macro"],
  ["jira", "{{x}}", /(?<!\\)\{\{/, "code"],
  ["jira", "[x|javascript:1]", /(?<!\\)\[\W?x/, "a link"],
  ["jira", "[~someone]", /(?<!\\)\[~/, "people"],
  ["jira", "* x", /^\s*\*\s/m, "a list"],
  ["jira", "# x", /^\s*#\s/m, "a list"],
  ["jira", "- x", /^\s*-\s/m, "a list"],
  ["jira", "| a | b |", /^\s*\|/m, "a table"],
  ["jira", "|| a || b ||", /^\s*\|/m, "a table"],
  ["textile", "<script>alert(1)</script>", /<\/?script/, "a tag"],
  ["textile", '"x":javascript:1', /"x":/, "a link"],
  ["textile", "* x", /^\s*\*\s/m, "a list"],
  ["textile", "# x", /^\s*#\s/m, "a list"],
  ["textile", "| a | b |", /^\s*\|/m, "a table"],
  ["backlog", "[[x>javascript:1]]", /\[\[|\]\]/, "a link"],
  ["backlog", "''bold''", /''/, "bold letters"],
  ["backlog", "'''italic'''", /''/, "italic letters"],
  ["backlog", "%%strike%%", /%%/, "struck letters"],
  ["backlog", "- x", /^-/m, "a list"],
  ["backlog", "+ x", /^\+/m, "a list"],
  ["backlog", "* x", /^\*/m, "a heading"],
  ["backlog", "> x", /^>/m, "a quotation"],
  ["backlog", "| a | b |", /^\|/m, "a table"],
];

test.each(marks)("in %s, %j does not become %s: %s", (markup, hostile, armed) => {
  for (const place of ["a paragraph", "a second line"]) {
    const block = PLACES[place]?.(hostile) ?? paragraph("");
    const written = write(markup, [block]);
    const own = markup === "html" ? written.replaceAll(/<\/?p>/g, "") : written;
    expect(own, place).not.toMatch(armed);
  }
});

const SMALL: readonly Block[] = [
  heading("Why"),
  bullets([
    item("`0x80090029`: one of", [item("alpha", [item("beta")]), item("gamma")]),
    item("delta"),
  ]),
  heading("What to do"),
  numbers([item("Run `whoami`."), item("Wait.", [item("epsilon")])]),
  paragraph("The end."),
];
const FOOTER: Line = [...toLine("Source: "), ...link("The article")];

const small: [markup: Markup, written: string][] = [
  [
    "text",
    `Why
- 0x80090029: one of
  - alpha
    - beta
  - gamma
- delta

What to do
1. Run whoami.
2. Wait.
   - epsilon
The end.
Source: The article <https://learn.example/>`,
  ],
  [
    "markdown",
    `**Why**

- \`0x80090029\`: one of
  - alpha
    - beta
  - gamma
- delta

**What to do**

1. Run \`whoami\`.
2. Wait.
   - epsilon

The end.

Source: [The article](<https://learn.example/>)`,
  ],
  [
    "html",
    `<p><b>Why</b></p>
<ul><li><code>0x80090029</code>: one of<ul><li>alpha<ul><li>beta</li></ul></li><li>gamma</li></ul></li><li>delta</li></ul>
<p><b>What to do</b></p>
<ol><li>Run <code>whoami</code>.</li><li>Wait.<ul><li>epsilon</li></ul></li></ol>
<p>The end.</p>
<p>Source: <a href="https://learn.example/">The article</a></p>`,
  ],
];

test.each(small)("a comment in %s", (markup, written) => {
  expect(write(markup, SMALL, FOOTER)).toBe(written);
});

/** Each on a line of its own, in this order. */
const WORDS = ["Why", "0x80090029", "alpha", "beta", "gamma", "delta", "do", "whoami", "Wait"];

test.each(["text", "markdown", "jira", "textile", "backlog"] satisfies Markup[])(
  "in %s each line of a comment is a line, and the link leads to its place",
  (markup) => {
    const lines = write(markup, SMALL, FOOTER).split("\n");
    const places = [...WORDS, "epsilon", "The end", "The article"].map((word) =>
      lines.findIndex((each) => each.includes(word)),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(lines[places.at(-1) ?? -1]).toContain("https://learn.example/");
  },
);

/** How a line of a list begins: with marks or blanks, deeper below another line. */
test.each(["jira", "textile", "backlog"] satisfies Markup[])(
  "in %s a list has depths",
  (markup) => {
    const lines = write(markup, SMALL).split("\n");
    const depthOf = (word: string) =>
      lines
        .find((each) => each.includes(word))
        ?.match(/^[\s*#+-]*/)?.[0]
        .trimEnd().length ?? 0;
    expect(depthOf("delta")).toBeGreaterThan(0);
    expect(depthOf("alpha")).toBeGreaterThan(depthOf("delta"));
    expect(depthOf("beta")).toBeGreaterThan(depthOf("alpha"));
    expect(depthOf("gamma")).toBe(depthOf("alpha"));
    expect(depthOf("epsilon")).toBeGreaterThan(depthOf("Wait"));
  },
);

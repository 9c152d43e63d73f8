import { expect, test } from "vitest";
import {
  bullets,
  type Comment,
  heading,
  item,
  numbers,
  paragraph,
  toLine,
} from "../../src/comment/comment.ts";
import { format, type Markup } from "../../src/comment/format.ts";
import { commentWith } from "./comment.ts";

const LINK = { kind: "link", text: "The article", url: "https://learn.example/a?b=1&c=2" } as const;

function comment(change: Partial<Comment> = {}): Comment {
  return commentWith({
    blocks: [
      heading("It failed"),
      bullets([
        item("`0x80090029` `NTE_X`: one of", [item("first"), item("second")]),
        item("other"),
      ]),
      numbers([item("Do this."), item("Then `that`.")]),
      paragraph("The end."),
    ],
    footer: [LINK, ...toLine(" \u00b7 Catalog 1")],
    shortened: toLine("Shortened."),
    ...change,
  });
}

test("plain text", () => {
  expect(format(comment(), "text")).toBe(
    `It failed
- 0x80090029 NTE_X: one of
  - first
  - second
- other
1. Do this.
2. Then that.
The end.
The article <https://learn.example/a?b=1&c=2> · Catalog 1`,
  );
});

test("Markdown", () => {
  expect(format(comment(), "markdown")).toBe(
    `**It failed**

- \`0x80090029\` \`NTE\\_X\`: one of
  - first
  - second
- other

1. Do this.
2. Then \`that\`.

The end.

[The article](<https://learn.example/a?b=1&c=2>) · Catalog 1`.replace("NTE\\_X", "NTE_X"),
  );
});

test("HTML", () => {
  expect(format(comment(), "html")).toBe(
    `<p><b>It failed</b></p>
<ul><li><code>0x80090029</code> <code>NTE_X</code>: one of<ul><li>first</li><li>second</li></ul></li><li>other</li></ul>
<ol><li>Do this.</li><li>Then <code>that</code>.</li></ol>
<p>The end.</p>
<p><a href="https://learn.example/a?b=1&#38;c=2">The article</a> · Catalog 1</p>`,
  );
});

test("a heading in plain text follows an empty line", () => {
  const blocks = [paragraph("a"), heading("b"), paragraph("c")];
  expect(format(comment({ blocks, footer: toLine("d") }), "text")).toBe("a\n\nb\nc\nd");
});

/** Word joiners are written as `~`: they are invisible, and break what a ticket system acts on. */
const escapes: [text: string, shown: Record<"text" | "markdown" | "html", string>, why: string][] =
  [
    [
      "<script>alert(1)</script>",
      {
        text: "<script>alert(1)</script>",
        markdown: "\\<script\\>alert\\(1\\)\\</script\\>",
        html: "&#60;script&#62;alert(1)&#60;/script&#62;",
      },
      "a script",
    ],
    [
      `a & b "c" 'd'`,
      {
        text: `a & b "c" 'd'`,
        markdown: `a \\& b "c" 'd'`,
        html: "a &#38; b &#34;c&#34; &#39;d&#39;",
      },
      "quotes and entities",
    ],
    [
      "&lt;b&gt; &#60;",
      {
        text: "&lt;b&gt; &#~60;",
        markdown: "\\&lt;b\\&gt; \\&\\#~60;",
        html: "&#38;lt;b&#38;gt; &#38;#~60;",
      },
      "entities that are there already",
    ],
    ["@all me@x", { text: "@~all me@~x", markdown: "@~all me@~x", html: "@~all me@~x" }, "people"],
    ["#1 !2", { text: "#~1 !~2", markdown: "\\#~1 \\!~2", html: "#~1 !~2" }, "tickets"],
    ["# 1 @ !", { text: "# 1 @ !", markdown: "\\# 1 @ \\!", html: "# 1 @ !" }, "the signs alone"],
    ["/close", { text: "~/close", markdown: "~/close", html: "~/close" }, "a quick action"],
    ["a /close", { text: "a /close", markdown: "a /close", html: "a /close" }, "a slash in a line"],
    [
      "\u0024{x} {code} {{y}}",
      {
        text: "\u0024{~x} {~code} {{~y}}",
        markdown: "\u0024\\{~x\\} \\{~code\\} \\{\\{~y\\}\\}",
        html: "\u0024{~x} {~code} {{~y}}",
      },
      "macros",
    ],
    [
      "[x](javascript:alert)",
      {
        text: "[~x](javascript:alert)",
        markdown: "\\[~x\\]\\(javascript:alert\\)",
        html: "[~x](javascript:alert)",
      },
      "a link",
    ],
    [
      "*a* _b_ ~c~ |d| \\",
      {
        text: "*a* _b_ ~c~ |d| \\",
        markdown: "\\*a\\* \\_b\\_ \\~c\\~ \\|d\\| \\\\",
        html: "*a* _b_ ~c~ |d| \\",
      },
      "marks",
    ],
    ["1. x", { text: "1. x", markdown: "1\\. x", html: "1. x" }, "what would begin a list"],
    ["- x", { text: "- x", markdown: "\\- x", html: "- x" }, "what would begin a list"],
    ["+ x", { text: "+ x", markdown: "\\+ x", html: "+ x" }, "what would begin a list"],
    ["=== x", { text: "=== x", markdown: "\\=== x", html: "=== x" }, "what would be a heading"],
    ["> x", { text: "> x", markdown: "\\> x", html: "&#62; x" }, "what would be a quotation"],
    ["10.5 - 3", { text: "10.5 - 3", markdown: "10.5 - 3", html: "10.5 - 3" }, "plain numbers"],
  ];

test.each(escapes)("%j is written as %j: %s", (text, shown) => {
  const one = comment({ blocks: [{ kind: "paragraph", line: [{ kind: "text", text }] }] });
  const firstLine = (markup: Markup) =>
    format(one, markup).split("\n")[0]?.replaceAll("~", "\u0000").replaceAll("\u2060", "~");
  const expected = (markup: keyof typeof shown) =>
    text.includes("~c~") ? shown[markup].replaceAll("~", "\u0000") : shown[markup];
  expect(firstLine("text")).toBe(expected("text"));
  expect(firstLine("markdown")).toBe(expected("markdown"));
  expect(firstLine("html")).toBe(`<p>${expected("html")}</p>`);
});

const codes: [text: string, markdown: string, html: string][] = [
  ["0x80090029", "`0x80090029`", "<code>0x80090029</code>"],
  ["%TEMP%\\*.*", "`%TEMP%\\*.*`", "<code>%TEMP%\\*.*</code>"],
  ["a`b", "``a`b``", "<code>a`b</code>"],
  ["`", "`` ` ``", "<code>`</code>"],
  ["a``b`", "``` a``b` ```", "<code>a``b`</code>"],
  ["<b>&", "`<b>&`", "<code>&#60;b&#62;&#38;</code>"],
  ["a\nb", "`a b`", "<code>a\nb</code>"],
];

test.each(codes)("the code %j is shown as typed", (text, markdown, html) => {
  const one = comment({
    blocks: [{ kind: "paragraph", line: [{ kind: "code", text }] }],
    footer: [],
  });
  expect(format(one, "markdown")).toBe(markdown);
  expect(format(one, "html")).toBe(`<p>${html}</p>\n<p></p>`);
});

const links: [markup: Markup, shown: string][] = [
  ["text", "a]b <https://learn.example/x(1)?a=%22b#part-2>"],
  ["markdown", "[a\\]b](<https://learn.example/x(1)?a=%22b#part-2>)"],
  ["html", '<a href="https://learn.example/x(1)?a=%22b#part-2">a]b</a>'],
];

test.each(links)("in %s a link is %s", (markup, shown) => {
  const url = "https://learn.example/x(1)?a=%22b#part-2";
  const footer = [{ kind: "link", text: "a]b", url }] as const;
  expect(format(comment({ blocks: [], footer }), markup)).toContain(shown);
});

const MARKUPS: Markup[] = ["text", "markdown", "html"];

test.each(MARKUPS)("in %s a comment that fits is not shortened", (markup) => {
  const whole = format(comment(), markup);
  expect(format(comment(), markup, whole.length)).toBe(whole);
  expect(whole).not.toContain("Shortened.");
});

test.each(MARKUPS)("in %s a long comment loses whole lines from its end, and says so", (markup) => {
  const whole = format(comment(), markup);
  const footer = format(comment({ blocks: [] }), markup);
  const note = markup === "html" ? "<p>Shortened.</p>" : "Shortened.";
  for (let length = whole.length - 1; length > 0; length--) {
    const short = format(comment(), markup, length);
    expect(short.endsWith(footer)).toBe(true);
    expect(short).toContain(note);
    const kept = short.slice(0, short.indexOf(note)).trim().split("\n").filter(Boolean);
    const lines = whole.split("\n").filter(Boolean);
    if (markup === "html") continue;
    expect(lines.slice(0, kept.length)).toEqual(kept);
    if (kept.length > 0) expect(short.length).toBeLessThanOrEqual(length);
  }
});

const LIST = "It failed\n- 0x80090029 NTE_X: one of\n  - first\n  - second";

const shortened: [maxLength: number, text: string][] = [
  [131, `${LIST}\n- other\n1. Do this.`],
  [119, `${LIST}\n- other`],
  [107, LIST],
  [99, ""],
];

test.each(shortened)("within %i characters the comment is %j", (maxLength, text) => {
  const one = comment({ footer: toLine("The footer, which is never cut.") });
  const short = format(one, "text", maxLength);
  expect(short).toBe(`${text}\nShortened.\nThe footer, which is never cut.`.trim());
});

import { expect, test } from "vitest";
import {
  type Block,
  bullets,
  heading,
  item,
  type Line,
  numbers,
  paragraph,
} from "../../src/comment/comment.ts";
import { format } from "../../src/comment/format.ts";
import { commentWith } from "./comment.ts";

/** Word joiners are invisible, so they are shown as a middle dot. */
function write(blocks: readonly Block[], footer: Line = []) {
  const comment = commentWith({ blocks, footer });
  return format(comment, "backlog").replaceAll("\u2060", "\u00b7");
}

const text = (words: string): Block => ({
  kind: "paragraph",
  line: [{ kind: "text", text: words }],
});

const escapes: [text: string, written: string, why: string][] = [
  ["''a''", "'·'a'·'", "bold letters"],
  ["'''a'''", "'·'·'a'·'·'", "italic letters"],
  ["it's 'a'", "it's 'a'", "single quotes"],
  ["%%a%%", "%·%a%·%", "struck letters"],
  ["100 % of %TEMP%", "100 % of %TEMP%", "single per cents"],
  ["[[PAGE]]", "[·[·PAGE]·]", "a page of the wiki"],
  ["[[a>javascript:1]]", "[·[·a>javascript:1]·]", "a link"],
  ["[ ] a", "[ ] a", "brackets that hold nothing"],
  ["&color(red) { a }", "&·color(red) { a }", "a colour"],
  ["a&br;b &amp; c & d", "a&·br;b &·amp; c & d", "a line break, and other names"],
  ["#contents", "#·contents", "a table of contents"],
  ["#image(https://else.example/a.png)", "#·image(https://else.example/a.png)", "a picture"],
  ["#rev(app:abc) #attach(a:1)", "#·rev(app:abc) #·attach(a:1)", "a revision, a file"],
  ["{code}a{/code}", "{·code}a{·/code}", "a block of code"],
  ["{quote}a{/quote}", "{·quote}a{·/quote}", "a quotation"],
  ["- a", "·- a", "a list"],
  ["+ a", "·+ a", "a numbered list"],
  ["* a", "·* a", "a heading"],
  ["> a", "·> a", "a quotation"],
  ["|a|b|h", "·|a|b|h", "a table"],
  ["a\n- b\n|c|", "a\n·- b\n·|c|", "on a later line, too"],
  ["a - b * c | d > e + f", "a - b * c | d > e + f", "the same signs within a line"],
  ["\\%\\%a\\%\\%", "\\·%\\·%a\\·%\\·%", "a backslash, which would vanish"],
  ["\\\\server\\share", "\\·\\server\\share", "the path of a share"],
  ["C:\\Windows\\Temp", "C:\\Windows\\Temp", "another path"],
  ["HELP-12 A_B1-2", "HELP-·12 A_B1-·2", "keys of issues"],
  ["0x80090029 2026-11-24", "0x80090029 2026-11-24", "codes and days"],
  [
    "{D6886603-9D2F-4EB2-B667-1971041FA96B}",
    "{·D6886603-9D2F-4EB2-B667-1971041FA96B}",
    "a GUID stays whole",
  ],
  ["@someone <@U1>", "@·someone <@·U1>", "people"],
  ["<script>alert(1)</script>", "<script>alert(1)</script>", "a tag is text in Backlog"],
];

test.each(escapes)("%j becomes %j: %s", (words, written) => {
  expect(write([text(words)])).toBe(written);
  const code: Block = { kind: "paragraph", line: [{ kind: "code", text: words }] };
  expect(write([code]), "code has no mark of its own").toBe(written);
});

const headings: [text: string, written: string][] = [
  ["Why", "''Why''"],
  ["'Why'", "''·'Why'·''"],
  ["Why `it's`", "''Why it's''"],
  ["* Why", "''·* Why''"],
];

test.each(headings)("the heading %j becomes %j", (words, written) => {
  expect(write([heading(words)])).toBe(written);
});

const links: [text: string, url: string, written: string, why: string][] = [
  [
    "The article",
    "https://learn.example/a?b=1&c=2#d",
    "[[The article>https://learn.example/a?b=1&c=2#d]]",
    "plain",
  ],
  [
    "a > b",
    "https://learn.example/",
    "[[a ＞ b>https://learn.example/]]",
    "only the last sign parts",
  ],
  ["a]]", "https://learn.example/", "[[a]·]>https://learn.example/]]", "the end of a link"],
  [
    "a",
    "https://learn.example/?x[]=1&y=[[z]]",
    "[[a>https://learn.example/?x%5b%5d=1&y=%5b%5bz%5d%5d]]",
    "brackets",
  ],
  [
    "a",
    "https://learn.example/?x=''b''|c",
    "[[a>https://learn.example/?x=%27%27b%27%27%7cc]]",
    "signs of the notation",
  ],
  [
    "a",
    "https://learn.example/日本",
    "[[a>https://learn.example/%E6%97%A5%E6%9C%AC]]",
    "other letters",
  ],
];

test.each(links)("the link %j to %s becomes %s: %s", (words, url, written) => {
  expect(write([], [{ kind: "link", text: words, url }])).toBe(written);
});

test("a nested list has one more mark for each level", () => {
  const blocks = [
    bullets([item("one", [item("two", [item("three")]), item("two")]), item("one\nand more")]),
    numbers([item("first"), item("then", [item("a"), item("b")]), item("last")]),
    paragraph("The end."),
  ];
  expect(write(blocks)).toBe(
    `- one
-- two
--- three
-- two
- one and more

+ first
+ then
-- a
-- b
+ last

The end.`,
  );
});

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

function write(blocks: readonly Block[], maxLength?: number) {
  const comment = commentWith({ blocks, shortened: [{ kind: "text", text: "Cut." }] });
  return format(comment, "jira", maxLength);
}

const line = (spans: Line): Block => ({ kind: "paragraph", line: spans });
const text = (words: string) => line([{ kind: "text", text: words }]);
const code = (words: string) => line([{ kind: "code", text: words }]);
const link = (words: string, url: string) => line([{ kind: "link", text: words, url }]);

/** An invisible sign that breaks what would be a mark. */
const J = "\u2060";

const words: [plain: string, written: string, why: string][] = [
  ["Sign in again.", "Sign in again.", "words are words"],
  ["E_ACCESSDENIED, sign-in", "E_ACCESSDENIED, sign-in", "no mark within a word"],
  ["_x_ -x- a- -b", "\\_x\\_ \\-x\\- a\\- \\-b", "marks at the edge of a word"],
  ["あ_x_い", "あ\\_x\\_い", "no one says that a kana is a letter of a word"],
  ["*x* +x+ ^x^ ~x~", "\\*x\\* \\+x\\+ \\^x\\^ \\~x\\~", "bold, inserted, raised, lowered"],
  ["??x??", "\\?\\?x\\?\\?", "a citation"],
  ["!x.png!", `\\!${J}x.png\\!`, "a picture"],
  ["|x|", "\\|x\\|", "a table"],
  ["----", "\\-\\-\\-\\-", "a rule"],
  ["# x", "\\# x", "a list"],
  ["{code}x{code}", `\\{${J}code\\}x\\{${J}code\\}`, "a macro"],
  ["[x|javascript:1]", `\\[${J}x\\|javascript:1\\]`, "a link"],
  ["[~someone]", "\\[\\~someone\\]", "people"],
  ["{{x}}", `\\{\\{${J}x\\}\\}`, "code"],
  ["h1. x\nbq. y", `h1${J}. x\nbq${J}. y`, "a heading, a quotation"],
  ["in h1. x", "in h1. x", "no heading within a line"],
  [":) ;) :D :P", `:${J}) ;${J}) :${J}D :${J}P`, "faces"],
  ["(x) (i) (off) (xi)", `(${J}x) (${J}i) (${J}off) (xi)`, "pictures"],
  ["C:\\Windows", "C:\\Windows", "a backslash before a letter is one"],
  ["\\\\server\\x", `\\${J}\\server\\x`, "two are the end of a line"],
  ["x\\*y", `x\\${J}\\*y`, "one before a sign would hide"],
  ["x\\", `x\\${J}`, "one at the end"],
];

test.each(words)("%j becomes %j: %s", (plain, written) => {
  expect(write([text(plain)])).toBe(written);
});

const codes: [plain: string, written: string, why: string][] = [
  ["0x80090029", "{{0x80090029}}", "a code"],
  ["-2146893783", "{{\\-2146893783}}", "a number below zero"],
  ["STATUS_NOT_FOUND", "{{STATUS_NOT_FOUND}}", "a symbol"],
  ["/status @x {x} [x]", "{{/status @x \\{x\\} \\[x\\]}}", "escaped, and no more"],
  ["a}}b", "{{a\\}\\}b}}", "no end before the end"],
  ["C:\\", `{{C:\\${J}}}`, "a backslash does not hide the end"],
  ["a\nb", "{{a b}}", "on one line"],
];

test.each(codes)("code %j becomes %j: %s", (plain, written) => {
  expect(write([code(plain)])).toBe(written);
});

const links: [words: string, url: string, written: string, why: string][] = [
  ["An article", "https://learn.example/a?b=c#d", "[An article|https://learn.example/a?b=c#d]", ""],
  [
    "a|b [c]\nd",
    "https://learn.example/",
    `[a b (${J}c) d|https://learn.example/]`,
    "no mark of a link",
  ],
  [
    "x",
    "https://learn.example/a|b]{c}?d|e]",
    "[x|https://learn.example/a%7Cb%5D%7Bc%7D?d%7Ce%5D]",
    "",
  ],
];

test.each(links)("the link %j to %s becomes %j %s", (plain, url, written) => {
  expect(write([link(plain, url)])).toBe(written);
});

const apart: [spans: Line, written: string, why: string][] = [
  [
    [
      { kind: "text", text: "エラー" },
      { kind: "code", text: "0x80090029" },
      { kind: "text", text: "は" },
    ],
    "エラー {{0x80090029}} は",
    "a letter on both sides",
  ],
  [
    [
      { kind: "text", text: "「" },
      { kind: "code", text: "whoami" },
      { kind: "text", text: "」" },
    ],
    "「{{whoami}}」",
    "signs",
  ],
  [
    [
      { kind: "text", text: "出典" },
      { kind: "link", text: "記事", url: "https://learn.example/" },
      { kind: "text", text: "です" },
    ],
    "出典 [記事|https://learn.example/] です",
    "a link",
  ],
  [
    [{ kind: "text", text: "a[1]b{{c}}d" }],
    `a\\[${J}1\\]b\\{\\{${J}c\\}\\}d`,
    "words stay as they are",
  ],
];

test.each(apart)("%j gets blanks around it: %s, %s", (spans, written) => {
  expect(write([line(spans)])).toBe(written);
  const below = write([bullets([{ line: [], items: [{ line: spans, items: [] }] }])]);
  expect(below.split("\n").at(-1)).toBe(`** ${written}`);
});

test("a whole comment", () => {
  const blocks = [
    heading("`0x80090029` in TPM"),
    paragraph("One of:"),
    bullets([item("alpha", [item("beta", [item("gamma")])]), item("delta\n* epsilon")]),
    numbers([item("Run `whoami`.", [item("zeta")]), item("Wait.")]),
  ];
  expect(write(blocks)).toBe(
    [
      "*{{0x80090029}} in TPM*",
      "",
      "One of:",
      "",
      "* alpha",
      "** beta",
      "*** gamma",
      "* delta \\* epsilon",
      "",
      "# Run {{whoami}}.",
      "#* zeta",
      "# Wait.",
    ].join("\n"),
  );
});

test("a long comment is cut in whole lines", () => {
  const blocks = [bullets(Array.from({ length: 99 }, (_, index) => item(`line_${index} {x}`)))];
  const written = write(blocks, 200);
  expect(written.length).toBeLessThanOrEqual(200);
  expect(written).toMatch(/^\* line_0 .*\n\nCut\.$/s);
  expect(written.split("\n").filter((each) => /^\*/.test(each) && !/\\\}$/.test(each))).toEqual([]);
});

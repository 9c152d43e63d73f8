import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format, type Markup } from "../../src/comment/format.ts";
import {
  isWithin,
  quotedComments,
  quotesComment,
  withoutStretches,
} from "../../src/comment/own-comment.ts";
import { render } from "../../src/comment/render.ts";
import { Hresult } from "../../src/hresult/hresult.ts";
import { testCatalog } from "../catalog-fixture.ts";

/** All but Textile, where signs are written as their numbers. */
const MARKUPS: Markup[] = ["text", "markdown", "html", "jira", "backlog"];
const CATALOG = await catalogOf(testCatalog());

async function commentOn(code: string, locale: string, markup: Markup) {
  const signs = CATALOG.findSigns([{ place: "body", text: "mapped drive" }]);
  const codes = [{ code: Hresult.parse(code), tentative: false }];
  const { advice } = await lookUp({ codes, seconds: [], signs }, CATALOG);
  const about = { more: 0, cutAt: null, catalogVersion: "0123456789ab", locale };
  return format(render(advice, about), markup);
}

const all = MARKUPS.flatMap((markup) =>
  ["en", "ja", "ja+en"].flatMap((locale) =>
    ["0x80070035", "0x80FF0001"].map((code) => [markup, locale, code] as const),
  ),
);

test.each(all)(
  "a comment in %s, in %s, on %s is not a quotation, but a reply to it quotes it",
  async (...row) => {
    const [markup, locale, code] = row;
    const ours = await commentOn(code, locale, markup);
    const lines = ours.split("\n");
    expect(quotesComment(ours)).toBe(false);
    expect(quotesComment(`\n  ${ours}`)).toBe(false);
    expect(quotesComment(`Now it says 0x80070005.\n\n${ours}`)).toBe(true);
    expect(quotesComment(`<p>Now 0x80070005</p><blockquote>${ours}</blockquote>`)).toBe(true);
    expect(quotesComment(lines.map((line) => `> ${line}`).join("\n"))).toBe(true);
  },
);

test("a note of unclosed tags is read in linear time", () => {
  expect(quotesComment("<".repeat(1_000_000))).toBe(false);
});

test("a text without a comment of ours quotes none", () => {
  expect(quotesComment("")).toBe(false);
  expect(quotesComment("Hello\n\nhresult-0123456789abcdef0123456789abcdef")).toBe(false);
});

const plain: [text: (ours: string) => string, own: string, why: string][] = [
  [(ours) => ours, "", "nothing else"],
  [(ours) => `before\n${ours}\nafter`, "before\n\n\nafter", "words around it"],
  [(ours) => `a\n${ours}\nb\n${ours}\nc`, "a\n\n\nb\n\n\nc", "two of them"],
  [() => "Windows error 0x80070035: I see this", "Windows error 0x80070035: I see this", "no end"],
];

test.each(plain)("without the comments of ours, %o is %j: %s", async (text, own) => {
  const made = text(await commentOn("0x80070035", "en", "text"));
  const stretches = quotedComments(made);
  expect(withoutStretches(made, stretches).trim()).toBe(own);
  for (const { start, end } of stretches) {
    expect([start - 1, start, end - 1, end].map((at) => isWithin(stretches, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  }
});

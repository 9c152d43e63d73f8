import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format, type Markup } from "../../src/comment/format.ts";
import { quotesComment } from "../../src/comment/locales/index.ts";
import { render } from "../../src/comment/render.ts";
import { Hresult } from "../../src/hresult/hresult.ts";
import { testCatalog } from "../catalog-fixture.ts";

/** All but Textile, where signs are written as their numbers. */
const MARKUPS: Markup[] = ["text", "markdown", "html", "jira", "backlog"];
const LISTED = "0x80090029";
const UNLISTED = "0x80190191";

async function comment(code: string, locale: string, markup: Markup) {
  const traces = [{ code: Hresult.parse(code), weak: false }];
  const known = await lookUp(traces, await catalogOf(testCatalog()));
  const about = { more: 0, cutAt: null, catalogVersion: "0123456789ab" };
  return format(
    render(
      known.map((each) => ({ ...each, contactMicrosoft: true })),
      { locale, ...about },
    ),
    markup,
  );
}

const all = MARKUPS.flatMap((markup) =>
  ["en", "ja"].flatMap((locale) =>
    [LISTED, UNLISTED].map((code) => [markup, locale, code] as const),
  ),
);

test.each(all)(
  "a comment in %s, in %s, on %s quotes none; an answer to it does",
  async (...row) => {
    const [markup, locale, code] = row;
    const ours = await comment(code, locale, markup);
    const lines = ours.split("\n");
    expect(quotesComment(ours)).toBe(false);
    expect(quotesComment(`\n  ${ours}`)).toBe(false);
    expect(quotesComment(`Now it says 0x80070005.\n\n${ours}`)).toBe(true);
    expect(quotesComment(`<p>Now 0x80070005</p><blockquote>${ours}</blockquote>`)).toBe(true);
    expect(quotesComment(lines.map((line) => `> ${line}`).join("\n"))).toBe(true);
  },
);

test("a note of nothing but tags that never end is read to its end", () => {
  expect(quotesComment("<".repeat(1_000_000))).toBe(false);
});

test("words which are no comment quote none", () => {
  expect(quotesComment("")).toBe(false);
  expect(quotesComment("Hello\n\nhresult-0123456789abcdef0123456789abcdef")).toBe(false);
});

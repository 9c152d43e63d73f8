import { expect, test } from "vitest";
import { scan } from "../../../src/scanner/scan.ts";
import { type Markup, toPlainText } from "../../../src/scanner/text/plain-text.ts";

const codes: [markup: Markup, text: string, literal: string, why: string][] = [
  ["html", "<p>Fehler <b>0x8009</b>0029</p>", "0x8009</b>0029", "a tag inside"],
  ["html", "<p>0x8009<wbr>0029</p>", "0x8009<wbr>0029", "a place where a line may break"],
  ["html", "error&nbsp;&#48;x8009002&#57;!", "&#48;x8009002&#57;", "digits as entities"],
  ["html", "error &#x30;x80090029", "&#x30;x80090029", "a digit as an entity in hex"],
  ["html", "&amp;lt;hr&amp;gt;80090029&amp;lt;/hr&amp;gt;", "80090029", "escaped twice"],
  ["html", "<td>Error code</td><td>80090029</td>", "80090029", "label and number in two cells"],
  [
    "html",
    '<a href="https://x.example/?q=error%200x80090029">a</a>',
    "0x80090029",
    "in an address",
  ],
  ["html", "<img alt='error 0x80090029'>", "0x80090029", "in words about a picture"],
  ["html", "<script>x=0x80070005</script>a 0x80090029", "0x80090029", "behind a script"],
  ["html", "<style>p{color:#80070005}</style>0x80090029", "0x80090029", "behind a style"],
  ["html", "<!-- 0x80070005 -->a 0x80090029", "0x80090029", "behind a comment"],
  ["html", "<!-- 0x80090029", "0x80090029", "in a comment without an end"],
  ["html", "a < b, error 0x80090029", "0x80090029", "a sign that is no tag"],
  ["text", "error=3D0x80090029", "0x80090029", "behind an equals sign of quoted-printable"],
  ["text", "error 0x8009=\r\n0029 x", "0x8009=\r\n0029", "over a soft line break"],
  ["text", "Fix%20Error%200x80090029", "0x80090029", "behind an escaped blank"],
  ["text", "q=%E3%83%BC0x80090029", "0x80090029", "behind an escaped letter that is not ASCII"],
  [
    "text",
    "エラー０ｘ８００９００２９です",
    "０ｘ８００９００２９",
    "full-width letters and digits",
  ],
  ["text", "0x80\u200b09\u00ad0029", "0x80\u200b09\u00ad0029", "letters that nobody sees"],
  ["text", "error\u00a00x80090029", "0x80090029", "behind a blank that does not break"],
  ["text", "\u202e0x80090029\u202c", "0x80090029", "right to left"],
  ["text", "&lt;hr&gt;80090029&lt;/hr&gt;", "80090029", "entities in plain text"],
  ["markdown", "**0x80090029**", "0x80090029", "bold"],
  ["markdown", "| error | `0x80090029` |", "0x80090029", "in a cell, as code"],
  ["markdown", "error 0x8009\\_0029", "0x8009\\_0029", "an escaped underscore"],
];

test.each(codes)("in %s %j the code is %j: %s", (markup, text, literal) => {
  const { text: readable, sourceOf } = toPlainText(text, markup);
  const places = scan(readable).findings.map(({ code, start, end }) => {
    const place = sourceOf({ start, end });
    return [code, text.slice(place.start, place.end)];
  });
  expect(places).toEqual([["0x80090029", literal]]);
});

test("leaves a text as it is when nothing in it is odd", () => {
  const text = "エラー 0x80090029 (PIN)\r\n";
  expect(toPlainText(text, "text").text).toBe(text);
});

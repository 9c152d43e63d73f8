import { expect, test } from "vitest";
import { scan } from "../../../src/scanner/scan.ts";
import { type Markup, toPlainText } from "../../../src/scanner/text/plain-text.ts";

const codes: [markup: Markup, text: string, literal: string, why: string][] = [
  ["html", "<p>Fehler <b>0x8009</b>0029</p>", "0x8009</b>0029", "a tag inside"],
  ["html", "<p>0x8009<wbr>0029</p>", "0x8009<wbr>0029", "a possible line break inside"],
  ["html", "error&nbsp;&#48;x8009002&#57;!", "&#48;x8009002&#57;", "digits as entities"],
  ["html", "error &#x30;x80090029", "&#x30;x80090029", "a digit as an entity in hex"],
  ["html", "&amp;lt;hr&amp;gt;80090029&amp;lt;/hr&amp;gt;", "80090029", "escaped twice"],
  ["html", "<td>Error code</td><td>80090029</td>", "80090029", "label and number in two cells"],
  ["html", '<a href="https://x.example/?q=error%200x80090029">a</a>', "0x80090029", "in a URL"],
  ["html", "<img alt='error 0x80090029'>", "0x80090029", "in the alternative text of an image"],
  ["html", "<script>x=0x80070005</script>a 0x80090029", "0x80090029", "after a script"],
  ["html", "<style>p{color:#80070005}</style>0x80090029", "0x80090029", "after a style sheet"],
  ["html", "<!-- 0x80070005 -->a 0x80090029", "0x80090029", "after a comment"],
  ["html", "<!-- 0x80090029", "0x80090029", "in a comment without an end"],
  ["html", "a < b, error 0x80090029", "0x80090029", "a less-than sign that starts no tag"],
  ["text", "error=3D0x80090029", "0x80090029", "after an encoded equals sign in quoted-printable"],
  ["text", "error 0x8009=\r\n0029 x", "0x8009=\r\n0029", "over a soft line break"],
  ["text", "Fix%20Error%200x80090029", "0x80090029", "after an escaped blank"],
  ["text", "q=%E3%83%BC0x80090029", "0x80090029", "after an escaped character beyond ASCII"],
  [
    "text",
    "エラー０ｘ８００９００２９です",
    "０ｘ８００９００２９",
    "full-width letters and digits",
  ],
  ["text", "0x80\u200b09\u00ad0029", "0x80\u200b09\u00ad0029", "invisible characters"],
  ["text", "error\u00a00x80090029", "0x80090029", "after a no-break space"],
  ["text", "\u202e0x80090029\u202c", "0x80090029", "between marks for right-to-left text"],
  ["text", "&lt;hr&gt;80090029&lt;/hr&gt;", "80090029", "entities in plain text"],
  ["text", "error 0х80090029", "0х80090029", "a Cyrillic letter before the digits"],
  ["text", "ошибка Ох8009002 9", "Ох8009002 9", "two Cyrillic letters and a blank"],
  ["text", "error 0×80090029", "0×80090029", "a multiplication sign for the x"],
  ["text", "error 0x8009ОО29", "0x8009ОО29", "Cyrillic letters among the digits"],
  ["text", "<span>0x8009</span><span>0029</span>", "0x8009</span><span>0029", "tags inside"],
  ["text", "error 0x8009\\_0029", "0x8009\\_0029", "an escape of Markdown"],
  [
    "text",
    "Fehlercode:=20=\r\n0x80090029",
    "0x80090029",
    "after an encoded blank and a soft line break",
  ],
  ["text", "f=C3=BCr 0x80090029", "0x80090029", "after an encoded letter in quoted-printable"],
  [
    "text",
    "Subject: =?utf-8?B?44Ko44Op44O8IDB4ODAwOTAwMjk=?=",
    "=?utf-8?B?44Ko44Op44O8IDB4ODAwOTAwMjk=?=",
    "in an encoded subject",
  ],
  [
    "text",
    "Subject: =?utf-8?Q?error_0x8009?=\r\n =?utf-8?Q?0029?=",
    "=?utf-8?Q?error_0x8009?=\r\n =?utf-8?Q?0029?=",
    "over two encoded words",
  ],
  [
    "text",
    "Content-Transfer-Encoding: base64\r\n\r\nVGhlIFBJTiBzZXR1cCBzdG9wcyB3aXRoIGVycm9yIDB4ODAwOTAwMjk=\r\n",
    "VGhlIFBJTiBzZXR1cCBzdG9wcyB3aXRoIGVycm9yIDB4ODAwOTAwMjk=",
    "in a mail part in base64",
  ],
  ["html", '<f:Fault Code="2148073513" Machine="x">', "2148073513", "in an XML attribute"],
  ["html", '<Entry hresult="80090029" />', "80090029", "in an XML attribute, bare"],
  ["markdown", "**0x80090029**", "0x80090029", "bold"],
  ["markdown", "| error | `0x80090029` |", "0x80090029", "in a table cell, as code"],
  ["markdown", "error 0x8009\\_0029", "0x8009\\_0029", "an escaped underscore"],
];

test.each(codes)("in %s %j the code is %j: %s", (markup, text, literal) => {
  const { text: plain, sourceOf } = toPlainText(text, markup);
  const places = scan(plain).findings.map(({ code, start, end }) => {
    const place = sourceOf({ start, end });
    return [code, text.slice(place.start, place.end)];
  });
  expect(places).toEqual([["0x80090029", literal]]);
});

test("leaves a plain text as it is", () => {
  const text = "エラー 0x80090029 (PIN)\r\n";
  expect(toPlainText(text, "text").text).toBe(text);
});

const texts: [source: string, plain: string, why: string][] = [
  ["the error %%1053", "the error %%1053", "a message number of the event log"],
  ["CPU at 80%80070005", "CPU at 80%80070005", "not a URL"],
  ["https://x.example/?q=error%200x8", "https://x.example/?q=error 0x8", "a URL"],
  ["Охрана и 5с", "Охрана и 5с", "Cyrillic words"],
  ["2 × 3", "2 × 3", "a multiplication"],
  ["code=80070005", "code=80070005", "not quoted-printable"],
];

test.each(texts)("plain text of %j is %j: %s", (source, text) => {
  expect(toPlainText(source, "text").text).toBe(text);
});

const mails: [mail: string, why: string][] = [
  [
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nRXJyb3IgMHg4MDA5MDAyOSBjYW1l\n--x",
    "base64",
  ],
  [
    "Content-Transfer-Encoding: base64\r\nX-Mailer: y\r\n\r\nRXJyb3IgMHg4\r\nMDA5MDAyOSBjYW1l",
    "base64 over two lines, with another header line",
  ],
  [
    "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=ISO-2022-JP\n\nGyRCJSgbKEIgMHg4MDA5MDAyOQ==",
    "base64 of another charset",
  ],
  [
    "Content-Transfer-Encoding: quoted-printable\n\nFehler=3A 0x8009=\n0029 f=C3=BCr alle\n",
    "quoted-printable",
  ],
];

test.each(mails)("finds the code in the mail %j: %s", (mail) => {
  const { text, sourceOf } = toPlainText(mail, "text");
  const [finding] = scan(text).findings;
  expect(finding?.code).toBe("0x80090029");
  const { start, end } = sourceOf(finding ?? { start: 0, end: 0 });
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeLessThanOrEqual(mail.length);
});

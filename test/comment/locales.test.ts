import { expect, test } from "vitest";
import {
  closestLocale,
  guessLocale,
  LOCALES,
  messagesFor,
} from "../../src/comment/locales/index.ts";
import type { Messages } from "../../src/comment/messages.ts";

const choices: [requested: string, available: string[], chosen: string, why: string][] = [
  ["ja", ["en", "ja"], "ja", "the same"],
  ["ja-JP", ["en", "ja"], "ja", "a country behind it"],
  ["JA_jp", ["en", "ja"], "ja", "another spelling"],
  ["ja-Jpan-JP-x-private", ["en", "ja"], "ja", "all that a tag may have"],
  ["nl-BE", ["en", "ja"], "en", "no such language"],
  ["pt-BR", ["en", "pt-BR"], "pt-BR", "a language with a country"],
  ["pt-br", ["en", "pt-BR"], "pt-BR", "in small letters"],
  ["pt", ["en", "pt-BR"], "en", "a country is not guessed"],
  ["pt-PT", ["en", "pt-BR"], "en", "another country"],
  ["jav", ["en", "ja"], "en", "a longer word"],
  ["-ja", ["en", "ja"], "en", "nothing before the dash"],
  ["__proto__", ["en", "ja"], "en", "the name of a property"],
  ["constructor", ["en", "ja"], "en", "the name of a property"],
  ["", ["en", "ja"], "en", "empty"],
  ["ja", [], "en", "nothing at hand"],
];

test.each(choices)("for %j the closest of %j is %s: %s", (requested, available, chosen) => {
  expect(closestLocale(requested, available)).toBe(chosen);
});

const guesses: [text: string, locale: string | null, why: string][] = [
  ["エラー 0x80090029", "ja", "katakana"],
  ["です", "ja", "hiragana"],
  ["ｴﾗｰ", "ja", "katakana of half width"],
  ["Error です", "ja", "both"],
  ["Error 0x80090029", "en", "Latin letters"],
  ["0x80090029", null, "a code alone"],
  ["0x80090029 NTE_NOT_SUPPORTED", null, "a code and its symbol"],
  ["80090029 https://example.com/path C:\\Users\\x", null, "a code, an address and a path"],
  ["someone@example.com 0x80090029", null, "a mail address"],
  ["Fehler: größer", "en", "Latin letters with marks"],
  ["Ошибка 0x80090029", null, "Cyrillic"],
  ["错误 0x80090029", null, "Chinese"],
  ["오류 0x80090029", null, "Hangul"],
  ["エ".normalize("NFD"), "ja", "decomposed"],
  ["12345 !?", null, "no letters"],
  ["", null, "nothing"],
];

test.each(guesses)("the language of %j is guessed as %s: %s", (text, locale) => {
  expect(guessLocale(text)).toBe(locale);
});

const long: [why: string, text: string, locale: string | null][] = [
  ["digits", "1".repeat(1_000_000), null],
  ["blanks", " ".repeat(1_000_000), null],
  ["NUL", "\u0000".repeat(1_000_000), null],
  ["Chinese", "错".repeat(1_000_000), null],
  ["words", "word ".repeat(200_000), "en"],
  ["letters", "a".repeat(1_000_000), "en"],
];

test.each(long)("the language of a million %s is guessed in linear time", (_, text, locale) => {
  expect(guessLocale(text)).toBe(locale);
});

test("there are English and Japanese locales", () => {
  expect(LOCALES).toEqual(["en", "ja"]);
});

/** Every word of a language, with marks where something is put in. */
function words(messages: Messages): Record<string, string> {
  const marks = (message: unknown) =>
    typeof message === "string"
      ? message
      : (message as (...marks: string[]) => string)("MARK", "MARK");
  const { who, ...rest } = messages;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, marks(each)])),
    ...who,
  };
}

test.each(LOCALES)("%s has every message, with its placeholders", (locale) => {
  const own = words(messagesFor(locale));
  const english = words(messagesFor("en"));
  expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
  for (const [name, text] of Object.entries(own)) {
    if (name !== "sentenceGap") expect(text, name).not.toBe("");
    expect(text.includes("MARK"), name).toBe(english[name]?.includes("MARK"));
    expect(text.split("`").length % 2, `${name}: backticks in pairs`).toBe(1);
  }
});

test.each(LOCALES.filter((locale) => locale !== "en"))(
  "every message of %s is translated",
  (locale) => {
    const own = words(messagesFor(locale));
    const english = words(messagesFor("en"));
    const same = Object.keys(own).filter((name) => own[name] === english[name]);
    expect(same).toEqual(["colon"]);
  },
);

test.each(["nl", "__proto__", "constructor", "toString", ""])(
  "for %j English is spoken",
  (locale) => {
    expect(messagesFor(locale)).toBe(messagesFor("en"));
  },
);

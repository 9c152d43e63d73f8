import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FAILURE_CODES } from "../../../src/failure.ts";
import { RULES } from "../../../src/scanner/rules/index.ts";
import { LANGUAGES, wordsIn } from "../../../src/worker/console/words/index.ts";
import { testCatalog } from "../../catalog-fixture.ts";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  ledger,
  loadCatalog,
  openHarness,
  pass,
  recordOf,
  START,
  send,
  set,
  TOKEN,
} from "../../worker-harness.ts";
import { type Browser, openBrowser } from "./browser.ts";

const OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

let ticketSystem: Harness;
let browser: Browser;
let browsers = 0;
beforeEach(async () => {
  ticketSystem = await openHarness();
  browser = openBrowser(`2001:db8:3::${++browsers}`);
  await browser.signIn(TOKEN);
  await browser.get("/console/look-up");
});
afterEach(closeHarness);

describe("every page", () => {
  test.each([
    "/console/look-up",
    "/console/tickets",
    "/console/backlog",
    "/console/catalog",
    "/console/health",
    "/console/sign-in",
    "/console/no-such-page",
  ])("%s forbids frames, foreign scripts, referrers and caches", async (path) => {
    const { headers } = await browser.get(path);
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test.each([
    ["ja", "ja"],
    ["ja-JP,ja;q=0.9,en;q=0.8", "ja"],
    ["en-GB,ja;q=0.9", "en"],
    ["en;q=0.1,ja;q=0.5", "ja"],
    ["de,fr", "en"],
    ["ja;q=0", "en"],
    ["", "en"],
  ])("is in the language of the browser: %j leads to %s", async (header, language) => {
    const { text } = await browser.get("/console/health", { "accept-language": header });
    expect(text).toContain(`<html lang="${language}">`);
  });

  test("keeps the language that a person chose", async () => {
    await browser.get("/console/health?lang=ja");
    expect((await browser.get("/console/catalog")).text).toContain('<html lang="ja">');
    expect((await browser.get("/console/catalog?lang=xx")).text).toContain('<html lang="ja">');
  });
});

describe("Look up", () => {
  test.each([
    ["0x80090029", "0x80090029"],
    ["80090029", "0x80090029"],
    ["-2146893783", "0x80090029"],
    ["2148073513", "0x80090029"],
    ["NTE_NOT_SUPPORTED", "0x80090029"],
    ["53", "0x80070035"],
  ])("shows the code that is written as %s", async (typed, code) => {
    const { status, text } = await browser.get(`/console/look-up?code=${typed}`);
    expect(status).toBe(200);
    expect(text).toContain(`<h2 id="code-title"><code>${code}</code></h2>`);
  });

  test("says when it is no code", async () => {
    const { status, text } = await browser.get("/console/look-up?code=hello");
    expect(status).toBe(422);
    expect(text).toContain("“hello” is not an error code");
  });

  const locales: [setting: string, asked: string, comment: string, why: string][] = [
    ["requester", "ja", "ja", "the choice counts"],
    ["requester", "", "en", "automatic"],
    ["ja+en", "en", "ja", "the setting counts"],
    ["ja", "en", "ja", "a setting of one language"],
  ];

  test.each(locales)(
    "with COMMENT_LOCALE=%s and the choice %j the comment begins in %s: %s",
    async (setting, locale, comment) => {
      set({ COMMENT_LOCALE: setting });
      const { text } = await browser.post("/console/look-up", {
        text: "PIN: 0x80090029 !",
        locale,
      });
      expect(text).toContain(`<div class="comment" lang="${comment}">`);
      const isFixed = setting !== "requester";
      expect(text.includes('<select name="locale">')).toBe(!isFixed);
      expect(text.includes(`COMMENT_LOCALE names: ${setting}.`)).toBe(isFixed);
    },
  );

  test("marks each code with its rule and each number that is none, in the text as it was sent", async () => {
    const text = "Error 0x80090029 on 20260412 & more";
    const page = await browser.post("/console/look-up", { text });
    expect(page.text).toContain(
      'Error <mark class="mark found" title="0x80090029, keyword/beside-error">' +
        '0x80090029<small class="rule">keyword/beside-error</small></mark>',
    );
    expect(page.text).toMatch(/<span class="mark rejected"[^>]*>.*20260412<\/span> &amp; more/);
    expect(ticketSystem.calls).toEqual([]);
    expect(ticketSystem.log.join()).not.toContain("20260412");
  });
});

const tooLarge: [language: string, sentence: string][] = [
  ["en", "What was sent is too large: a text may have 1 MB, a picture 5 MB."],
  ["ja", "送信されたデータが大きすぎます。テキストは 1 MB、画像は 5 MB までです。"],
];

test.each(tooLarge)(
  "a text that is too large is answered with the limits in %s",
  async (language, sentence) => {
    await browser.get(`/console/look-up?lang=${language}`);
    const { status, text } = await browser.post("/console/look-up", { text: "x".repeat(2 ** 20) });
    expect(status).toBe(413);
    expect(text).toContain(sentence);
  },
);

test("a reason is in Japanese for every rule that can reject a number", () => {
  const rules = Object.values(RULES).flat();
  expect(rules.length).toBeGreaterThan(50);
  const rejecting = rules.filter(({ verdict }) => verdict === "rejected").map(({ id }) => id);
  const words = wordsIn("ja");
  const english = rejecting.filter((id) => !/[぀-ヿ一-鿿]/.test(words.reasons[id] ?? ""));
  expect(english).toEqual([]);
  const unknown = Object.keys(words.reasons).filter((id) => !rejecting.some((each) => each === id));
  expect(unknown, "words for rules that are gone").toEqual([]);
});

test.each(LANGUAGES)("every failure code has a sentence in the language %s", (language) => {
  const { failures } = wordsIn(language);
  expect(Object.keys(failures).sort()).toEqual([...FAILURE_CODES].sort());
  const isSentence = language === "ja" ? /^.*[぀-ヿ].*。$/ : /^[A-Z][a-z]* .*\.$/;
  expect(Object.values(failures).filter((each) => !isSentence.test(each))).toEqual([]);
});

describe("Health", () => {
  const plain = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

  test("sums up what shadow mode would have said, and says that nothing is posted", async () => {
    set({ COMMENT_MODE: "shadow" });
    await deliver(created({ id: "A", subject: "Windows Hello PIN" }), { id: "msg-1" });
    await deliver(created({ id: "B", subject: "", body: "a keyboard" }), { id: "msg-2" });
    await pass();
    const { text } = await browser.get("/console/health");
    expect(plain(text)).toContain("Shadow mode: nothing is written to the ticket systems.");
    expect(plain(text)).toContain(
      "Tickets seen 2 with error codes 1 (50 %) with steps to take 1 (50 %) By situation Creating a Windows Hello PIN",
    );
  });

  test("draws deliveries, comments and failures of 24 hours and 30 days", async () => {
    await deliver();
    await pass();
    const { text } = await browser.get("/console/health");
    const charts = [...text.matchAll(/<svg[^>]*role="img" aria-label="([^"]*)"/g)];
    expect(charts.map(([, label]) => label)).toEqual([
      "1 together; most of them, 1, 12 AM",
      "1 together; most of them, 1, 12 AM",
      "nothing yet",
      "1 together; most of them, 1, Jan 1",
      "1 together; most of them, 1, Jan 1",
      "nothing yet",
    ]);
  });

  test("does without charts where a ledger of an earlier version answers", async () => {
    const { recent: _, ...earlier } = await ledger().stats({});
    const stub = ledger();
    vi.spyOn(env.LEDGER, "get").mockReturnValue(
      new Proxy(stub, {
        get: (target, name) =>
          name === "stats" ? async () => earlier : Reflect.get(target, name, target),
      }),
    );
    const { status, text } = await browser.get("/console/health");
    expect(status).toBe(200);
    expect(text).not.toContain('role="img"');
  });

  const states: [why: string, change: () => Promise<unknown>][] = [
    ["everything works", () => deliver()],
    [
      "the ticket system denies access",
      async () => {
        ticketSystem.always = () => new Response("", { status: 401 });
        await deliver();
      },
    ],
    [
      "deliveries are refused",
      async () => {
        await send("/webhooks/standard", { method: "POST", body: "x".repeat(2_000_000) });
        await deliver("{}");
        await deliver(created(), { secret: OTHER_SECRET });
      },
    ],
    ["a setting is wrong", async () => set({ STANDARD_TICKET_URL: "ftp://desk.example/" })],
  ];

  test.each(states)("is in Japanese but for names and details while %s", async (_, change) => {
    await change();
    await pass();
    vi.setSystemTime(Date.now() + 60_000);
    const { text } = await browser.get("/console/health?lang=ja");
    const main = /<main[^>]*>(.*)<\/main>/s.exec(text)?.[1] ?? "";
    const own = main.replace(/<span lang="en">.*?<\/span>/gs, "");
    const words =
      plain(own)
        .replace(/版 [0-9a-f]+/, "")
        .match(/[A-Za-z]{2,}/g) ?? [];
    expect(words.filter((each) => !/^(?:standard|UTC)$/.test(each))).toEqual([]);
    const english = await browser.get("/console/health?lang=en");
    for (const page of [text, english.text]) {
      expect(FAILURE_CODES.filter((code) => page.includes(code))).toEqual([]);
    }
  });
});

describe("Catalog", () => {
  test("shows what a folder of one's own replaces", async () => {
    const source = testCatalog();
    const overrides = [
      {
        topic: "network-shares",
        what: "code 0x80070035: cases",
        file: "catalog.local/network-shares.yaml",
      },
    ];
    await loadCatalog({ ...source, overrides });
    vi.setSystemTime(START + 60 * 60 * 1000);
    const list = await browser.get("/console/catalog");
    expect(list.text.match(/changed by your own catalog/g)).toHaveLength(1);
    const { text } = await browser.get("/console/catalog/network-shares");
    expect(text).toContain("code 0x80070035: causes and steps");
    expect(text).toContain("catalog.local/network-shares.yaml");
  });

  test("shows version, folders, signs and codes", async () => {
    const list = await browser.get("/console/catalog");
    expect(list.text).toContain(`${Object.keys(testCatalog().topics).length} topics`);
    const { text } = await browser.get("/console/catalog/windows-hello-pin");
    expect(text).toContain("Words that show this situation");
    expect(text).toContain("0x80090029");
  });
});

describe("Tickets", () => {
  async function file(id: string, body: string) {
    await deliver(created({ id, body }), { id: `msg-${id}`, timestamp: Date.now() / 1000 });
    await pass(1000);
  }
  const ids = (text: string) =>
    [...text.matchAll(/<a href="\/console\/tickets\/standard\/([^"/]+)">/g)].map(([, id]) => id);

  test("stand with the newest first, and are filtered", async () => {
    await file("B-1", "Windows Hello PIN: Error 0x80090029");
    await file("A-2", "a new keyboard");
    ticketSystem.always = () => new Response("{}", { status: 400 });
    await file("C-3", "Error 0x80090029");
    const list = async (query: string) => ids((await browser.get(`/console/tickets${query}`)).text);
    expect(await list("")).toEqual(["C-3", "A-2", "B-1"]);
    expect(await list("?state=failed")).toEqual(["C-3"]);
    expect(await list("?outcome=no_code")).toEqual(["A-2"]);
    expect(await list("?code=-2146893783")).toEqual(["C-3", "B-1"]);
    expect(await list("?outcome=posted&code=0x80090029")).toEqual(["B-1"]);
    expect(await list("?situation=windows-hello-pin")).toEqual(["B-1"]);
    expect(await list("?situation=windows-update")).toEqual([]);
    expect(await list("?connector=standard")).toEqual(["C-3", "A-2", "B-1"]);
  });

  const wrong: [query: string, sentence: string][] = [
    ["connector=zendesk", "“zendesk” is no value of the filter “Ticket system”."],
    ["state=nonsense", "“nonsense” is no value of the filter “State”."],
    ["outcome=toString", "“toString” is no value of the filter “Result”."],
    ["situation=weather", "“weather” is no value of the filter “Situation”."],
    ["code=nonsense", "“nonsense” is not an error code in any known form."],
    ["after=nonsense", "The address names no page of this list."],
  ];

  test.each(wrong)("are not listed for %s, and the page says why", async (query, sentence) => {
    ticketSystem.always = () => new Response("{}", { status: 400 });
    await file("T-1", "Error 0x80090029");
    const list = await browser.get(`/console/tickets?${query}&state=`);
    expect(list.text).toContain(sentence);
    expect(ids(list.text)).toEqual([]);
    expect(list.text).not.toContain("No ticket matches.");
    const bulk = await browser.get(`/console/tickets/re-trigger?${query}`);
    expect(bulk.text).toContain(sentence);
    expect(bulk.text).not.toContain('name="ticket"');
  });

  test("are shown page by page, each once", async () => {
    await runInDurableObject(ledger(), (_, { storage }) => {
      for (let index = 0; index < 120; index++) insert(storage.sql, `T-${index}`, index % 7);
    });
    const seen: (string | undefined)[] = [];
    let path: string | undefined = "/console/tickets";
    while (path !== undefined) {
      const { text }: { text: string } = await browser.get(path);
      seen.push(...ids(text));
      path = /<a href="([^"]*)">Older tickets/.exec(text)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  test("that failed are re-triggered together, and only those that were shown", async () => {
    set({ STANDARD_TICKET_URL: "https://ticketSystem.example/tickets/{id}" });
    ticketSystem.always = () => new Response("{}", { status: 400 });
    await file("T-1", "Error 0x80090029");
    await file("T-2", "Error 0x80090029");
    const page = await browser.get("/console/tickets/re-trigger");
    expect(page.text).toContain("2 failed tickets match.");
    const answer = await browser.post("/console/tickets/re-trigger", [
      ["ticket", "standard/T-2"],
      ["ticket", "standard/no such id"],
    ]);
    expect(answer.text).toContain("1 ticket was re-triggered.");
    expect(answer.text).toContain("1 could not be re-triggered.");
    expect(await recordOf("T-1")).toMatchObject({ state: "failed" });
    expect(await recordOf("T-2")).toMatchObject({ state: "waiting" });
  });

  test("show the comment that COMMENT_MODE=shadow keeps back", async () => {
    set({ COMMENT_MODE: "shadow" });
    await file("T-1", "Error 0x80090029");
    const { text } = await browser.get("/console/tickets/standard/T-1");
    expect(text).toContain("comment only shown here");
    expect(text).toMatch(/<div class="comment" lang="en">.*0x80090029/s);
  });

  test("are forgotten when a person asks for it, and confirms it", async () => {
    await file("T-1", "Error 0x80090029");
    await browser.get("/console/tickets/standard/T-1");
    const erase = async (fields: Record<string, string>) => {
      const { location } = await browser.post("/console/tickets/standard/T-1/erase", fields);
      return (await browser.get(location ?? "")).text;
    };
    expect(await erase({})).toContain("Nothing was erased: tick the box below to confirm.");
    expect(await recordOf()).not.toBeNull();
    const list = await erase({ confirm: "yes" });
    expect(list).toContain("The record was erased. A comment on the ticket stays there.");
    expect(list).not.toContain("T-1");
    expect(await recordOf()).toBeNull();
    expect((await browser.get("/console/tickets/standard/T-1")).status).toBe(404);
  });
});

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`;

/** Puts a row into the ledger as no accepted delivery could. */
function insert(sql: SqlStorage, id: string, secondsAgo: number, failure: string | null = null) {
  const codes = JSON.stringify(failure === null ? ["0x80090029"] : [failure]);
  sql.exec(
    `INSERT INTO ticket (id, state, outcome, codes, last_failure, comment_id, locale, received_at,
       queued_at, finished_at)
     VALUES (?1, 'done', 'posted', ?2, ?3, ?3, ?3, ?4, ?4, ?4)`,
    id,
    codes,
    failure,
    START - secondsAgo * 1000,
  );
}

describe("markup is shown as text", () => {
  const expectHarmless = (text: string) => {
    expect(text).not.toContain("<script>alert");
    expect(text).not.toMatch(/<img[^>]*onerror/);
    expect(text).toContain("&lt;script&gt;");
  };

  test("that stands in ids, codes, failures and languages of the ledger", async () => {
    await runInDurableObject(ledger(), (_, { storage }) => {
      insert(storage.sql, HOSTILE, 1, HOSTILE);
      insert(storage.sql, "T-1", 2, HOSTILE);
    });
    expectHarmless((await browser.get("/console/tickets")).text);
    expectHarmless((await browser.get("/console/tickets/standard/T-1")).text);
  });

  test.each([
    ["/console/look-up?code=", 422],
    ["/console/tickets?code=", 200],
  ])("that stands in the address %s…", async (path, status) => {
    const page = await browser.get(path + encodeURIComponent(HOSTILE));
    expect(page.status).toBe(status);
    expectHarmless(page.text);
  });

  test.each(["text", "html", "markdown"])("that is looked up as %s", async (format) => {
    const text = `${HOSTILE} Error 0x80090029 ${HOSTILE}`;
    expectHarmless((await browser.post("/console/look-up", { text, format })).text);
  });

  test.each(["connector", "state", "outcome", "situation", "after", "lang", "next"])(
    "or left out, that stands in the parameter %s",
    async (name) => {
      const path = `/console/tickets?${name}=${encodeURIComponent(HOSTILE)}`;
      const { text } = await browser.get(path);
      expect(text).not.toContain("<script>alert");
      expect(text).not.toMatch(/<img[^>]*onerror/);
    },
  );

  test("that a ledger's failure holds, in the counters", async () => {
    await deliver();
    await pass();
    await ledger().stats({ [HOSTILE]: 1 });
    expectHarmless((await browser.get("/console/health")).text);
  });
});

test("a ledger that does not answer is named, and the others are shown", async () => {
  await deliver();
  await pass();
  vi.spyOn(env.LEDGER, "get").mockImplementation(() => {
    throw new Error("down");
  });
  const { status, text } = await browser.get("/console/tickets");
  expect(status).toBe(200);
  expect(text).toContain("did not answer: standard");
});

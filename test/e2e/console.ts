import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openChromium } from "./chromium.ts";
import { freePort, run, until } from "./process.ts";
import type { Check, Suite } from "./suite.ts";
import { prepareWorker, type ServedWorker } from "./worker.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PASSWORD = "password of the console";
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const COMMENT_LIMIT_MS = 20_000;
const WIDTHS = [360, 1280];

const JAPANESE = `サインインで「エラー0x80090029」と表示されます。
Windows Hello の PIN を設定できません。受付番号は 20260412 です。`;
/** A code that no catalog lists. */
const UNLISTED = "0x8007ABCD";

const PAGES = [
  "look-up",
  "look-up?code=0x80090029",
  "tickets",
  "tickets?state=failed",
  "tickets/re-trigger?state=failed",
  "tickets/standard/T-1",
  "backlog",
  "catalog",
  "catalog/windows-hello-pin",
  "health",
];

/** The console, used through a browser as agents and helpdesk leads do. */
export const consolePages: Suite = async (check, onEnd) => {
  const folder = await mkdtemp(join(tmpdir(), "hresult-e2e-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const desk = await startDesk();
  onEnd(desk.stop);
  const worker = prepareWorker(folder, await freePort(), crypto.randomUUID());
  onEnd(() => worker.stop("SIGTERM"));
  await worker.start({
    CONSOLE_PASSWORD: `'${PASSWORD}'`,
    STANDARD_SECRETS: SECRET,
    STANDARD_COMMENT_URL: desk.commentUrl,
    STANDARD_TICKET_URL: desk.ticketUrl,
  });
  const browser = await openChromium();
  onEnd(() => browser.close());
  await fileTickets(worker, desk);

  await visit(check, browser, worker, desk, folder);
  await visitWithoutScripts(check, browser, worker);
  await look(check, browser, worker);
  await failToSignIn(check, browser, worker);
};

/** A ticket system that refuses comments while it is told to. */
async function startDesk() {
  const comments: string[] = [];
  let refuses = false;
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    const [, id = ""] = /\/tickets\/([^/]+)/.exec(request.url ?? "") ?? [];
    if (request.method === "GET") {
      const ticket = { id, subject: "PIN", body: JAPANESE, format: "text", locale: "ja" };
      response.end(JSON.stringify({ ticket }));
      return;
    }
    request.resume();
    await once(request, "end");
    if (!refuses) comments.push(id);
    response.statusCode = refuses ? 400 : 200;
    response.end(JSON.stringify({ id: `C-${comments.length}` }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    comments,
    commentUrl: `${origin}/tickets/{id}/comments`,
    ticketUrl: `${origin}/tickets/{id}`,
    refuse(value: boolean) {
      refuses = value;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
type Desk = Awaited<ReturnType<typeof startDesk>>;

/** One ticket with a listed code, one with an unlisted one, one without; then three that fail. */
async function fileTickets(worker: ServedWorker, desk: Desk) {
  const file = async (id: string, body: string, locale: string) => {
    const ticket = { id, subject: "", body, locale };
    const payload = { type: "ticket.created", data: { ticket } };
    await worker.deliver("standard", SECRET, `msg-${id}`, payload);
  };
  const settled = (id: string) =>
    worker.untilRecord("standard", id, ({ state }) => state === "done" || state === "failed");
  await file("T-1", JAPANESE, "ja");
  await file("T-2", `The setup stops with error ${UNLISTED}.`, "en");
  await file("T-3", "Please order a new keyboard.", "en");
  for (const id of ["T-1", "T-2", "T-3"]) await settled(id);
  desk.refuse(true);
  await file("T-4", "The update fails with 0x80070005.", "en");
  await file("T-5", "The update fails with 0x80070005.", "en");
  await file("T-6", "The update fails with 0x80240016.", "en");
  for (const id of ["T-4", "T-5", "T-6"]) await settled(id);
  desk.refuse(false);
}

async function open(browser: Browser, worker: ServedWorker, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ baseURL: worker.url, locale: "en-US", ...options });
  return context.newPage();
}

async function signIn(page: Page, password = PASSWORD) {
  await page.goto("/console");
  await page.getByLabel("Password or API token").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function visit(
  check: Check,
  browser: Browser,
  worker: ServedWorker,
  desk: Desk,
  folder: string,
) {
  const page = await open(browser, worker);
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));

  await check("a person signs in, and sees why not with a wrong password", async () => {
    await signIn(page, "not the password");
    await page.getByRole("alert").getByText("not a valid password").waitFor();
    // The browser tells of the status 401.
    errors.length = 0;
    await signIn(page);
    await page.getByRole("heading", { name: "Look up", level: 1 }).waitFor();
  });

  await check("a Japanese ticket is looked up, with every code marked", async () => {
    await page.getByLabel("Text or code").fill(JAPANESE);
    await page.getByRole("button", { name: "Look up" }).click();
    await page.locator("mark", { hasText: "0x80090029" }).waitFor();
    await page.locator(".comment[lang=ja]").getByText("0x80090029").first().waitFor();
    await page.locator(".mark.rejected", { hasText: "20260412" }).waitFor();
  });

  await check("codes are marked while a text is typed", async () => {
    await page.goto("/console/look-up");
    const text = page.getByLabel("Text or code");
    await text.fill("The update fails with 0x80240016");
    await page.locator("mark", { hasText: "0x80240016" }).waitFor();
    await page.getByRole("status").getByText("1 code found.").waitFor();
    await text.fill("The update fails with 0x80240016 and error -2147024891");
    await page.locator("mark", { hasText: "-2147024891" }).waitFor();
    assert.equal(await page.locator("#text:focus").count(), 1);
    assert.equal(await text.inputValue(), "The update fails with 0x80240016 and error -2147024891");
    // A code alone is looked up as well, and the address stays.
    await text.fill("0x80090029");
    await page.getByRole("heading", { name: "0x80090029" }).waitFor();
    assert.equal(new URL(page.url()).search, "");
  });

  await check("a code alone leads to an address that can be passed on", async () => {
    await page.getByLabel("Text or code").fill("-2146893783");
    await page.getByRole("button", { name: "Look up" }).click();
    await page.waitForURL("**/console/look-up?code=-2146893783");
    await page.getByRole("heading", { name: "0x80090029" }).waitFor();
  });

  await check("tickets are filtered by state", async () => {
    await page.getByRole("link", { name: "Tickets" }).click();
    assert.equal(await page.locator(".list tbody tr").count(), 6);
    await page.getByLabel("State").selectOption("failed");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL("**state=failed**");
    assert.equal(await page.locator(".list tbody tr").count(), 3);
    await page.getByLabel("Code", { exact: true }).fill("-2147024891");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL("**code=-2147024891**");
    assert.equal(await page.locator(".list tbody tr").count(), 2);
    await page.getByText("The ticket system refused the comment.").first().waitFor();
  });

  await check(
    "failed tickets of a filter are re-triggered together, after their number was shown",
    async () => {
      await page.getByRole("link", { name: "Re-trigger failed tickets" }).click();
      await page.getByText("2 failed tickets match.").waitFor();
      await page.getByRole("button", { name: "Re-trigger 2 tickets" }).click();
      await page.getByText("2 tickets were re-triggered.").waitFor();
      for (const id of ["T-4", "T-5"]) {
        await worker.untilRecord("standard", id, ({ outcome }) => outcome === "posted");
      }
      assert.equal((await worker.record("standard", "T-6"))?.state, "failed");
    },
  );

  await check("a ticket is re-triggered by force and gets a new comment", async () => {
    const before = desk.comments.length;
    await page.goto("/console/tickets/standard/T-1");
    await page.locator(".comment").getByText("0x80090029").first().waitFor();
    await page.getByLabel("Post a new comment").check();
    await page.getByRole("button", { name: "Re-trigger" }).click();
    await page.getByText("will be enriched again").waitFor();
    await until("there is a new comment", COMMENT_LIMIT_MS, async () =>
      desk.comments.length > before ? true : undefined,
    );
    assert.equal(desk.comments.at(-1), "T-1");
  });

  await check("the YAML block of an unlisted code passes the check of the catalog", async () => {
    await page.getByRole("link", { name: "Backlog" }).click();
    const card = page.locator("article", { hasText: UNLISTED });
    await card.locator("summary").click();
    const own = join(folder, "catalog.local");
    await mkdir(own);
    const sentence = (await card.getByText("Save this as").textContent()) ?? "";
    const [, file = ""] = /(\S+\.yaml)/.exec(sentence) ?? [];
    await writeFile(join(own, basename(file)), (await card.locator("pre").textContent()) ?? "");
    await run("npm", ["run", "--silent", "catalog", "--", "check", "--catalog", own], {
      cwd: ROOT,
    });
  });

  await check("the console is switched to Japanese, and stays so", async () => {
    await page.getByRole("link", { name: "日本語" }).click();
    await page.getByRole("heading", { name: "未登録コード" }).waitFor();
    await page.getByRole("link", { name: "稼働状況" }).click();
    await page.getByText("新しいチケットを受け付け").waitFor();
    await page.getByRole("link", { name: "English" }).click();
  });

  await check("a record is erased", async () => {
    await page.goto("/console/tickets/standard/T-3");
    await page.getByText("Erase the record").first().click();
    await page.getByLabel("Yes, forget this ticket").check();
    await page.getByRole("button", { name: "Erase the record" }).click();
    await page.getByRole("heading", { name: "Tickets" }).waitFor();
    assert.equal(await worker.record("standard", "T-3"), null);
  });

  await check("a person signs out", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out.").waitFor();
    await page.goto("/console/tickets");
    await page.getByLabel("Password or API token").waitFor();
  });

  await check("the browser reports no error", async () => {
    assert.deepEqual(errors, []);
  });
}

async function visitWithoutScripts(check: Check, browser: Browser, worker: ServedWorker) {
  const page = await open(browser, worker, { javaScriptEnabled: false });
  await check("everything works without JavaScript", async () => {
    await signIn(page);
    await page.getByLabel("Text or code").fill(JAPANESE);
    await page.getByRole("button", { name: "Look up" }).click();
    await page.locator("mark", { hasText: "0x80090029" }).waitFor();
    await page.getByRole("link", { name: "Tickets" }).click();
    await page.getByLabel("Code", { exact: true }).fill(UNLISTED);
    await page.getByRole("button", { name: "Show" }).click();
    assert.equal(await page.locator(".list tbody tr").count(), 1);
    await page.getByRole("link", { name: "T-2" }).click();
    await page.getByRole("button", { name: "Re-trigger" }).click();
    await page.getByText("will be enriched again").waitFor();
    await page.goto("/console/tickets?state=failed");
    await page.getByRole("link", { name: "Re-trigger failed tickets" }).click();
    await page.getByRole("button", { name: "Re-trigger 1 ticket" }).click();
    await page.getByText("1 ticket was re-triggered.").waitFor();
    await page.getByRole("link", { name: "Backlog" }).click();
    await page.locator("summary").first().click();
    await page.locator("pre", { hasText: "codes:" }).first().waitFor();
    await page.getByRole("link", { name: "Health" }).click();
    await page
      .getByRole("img", { name: /together/ })
      .first()
      .waitFor();
    await page.goto("/console/tickets/standard/T-5");
    await page.getByText("Erase the record").first().click();
    await page.getByLabel("Yes, forget this ticket").check();
    await page.getByRole("button", { name: "Erase the record" }).click();
    await page.waitForURL(/\/console\/tickets\?erased$/);
    assert.equal(await page.getByRole("link", { name: "T-5" }).count(), 0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out.").waitFor();
  });
}

/** Looks at every page: by axe, in both colour schemes and languages, and at two widths. */
async function look(check: Check, browser: Browser, worker: ServedWorker) {
  const axe = await readFile(AXE, "utf8");
  for (const colorScheme of ["light", "dark"] as const) {
    for (const locale of ["en-US", "ja-JP"]) {
      const page = await open(browser, worker, { colorScheme, locale });
      await page.goto("/console/sign-in");
      await check(`axe finds nothing in ${colorScheme} and ${locale}`, async () => {
        await inspect(page, axe, "sign-in");
        await page.locator("#password").fill(PASSWORD);
        await page.locator("main button").click();
        for (const each of PAGES) {
          await page.goto(`/console/${each}`);
          for (const details of await page.locator("summary").all()) await details.click();
          await inspect(page, axe, each);
        }
      });
      await check(`no page is wider than its screen in ${colorScheme} and ${locale}`, async () => {
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          for (const each of PAGES) {
            await page.goto(`/console/${each}`);
            const hidden = await page.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assert.equal(hidden, 0, `${each} at ${width} px`);
            await screenshot(page, `${each}-${width}-${colorScheme}-${locale.slice(0, 2)}`);
          }
          await page.goto("/console/look-up");
          await page.locator("#text").fill(JAPANESE);
          await page.locator("main button").click();
          await page.locator("mark").waitFor();
          await inspect(page, axe, "a look-up");
          await screenshot(page, `looked-up-${width}-${colorScheme}-${locale.slice(0, 2)}`);
        }
      });
    }
  }
}

/** Runs axe-core with the rules of WCAG 2.2 AA and its best practices. */
async function inspect(page: Page, axe: string, name: string) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, failureSummary }) =>
        html.slice(0, 150) + " " + failureSummary).slice(0, 3).join(" | ")))`,
  );
  assert.deepEqual(found, [], name);
}

/** Saves a screenshot if SCREENSHOTS names a folder. */
async function screenshot(page: Page, name: string) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  const file = `${name.replaceAll(/[^\w-]+/g, "_")}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: true });
}

async function failToSignIn(check: Check, browser: Browser, worker: ServedWorker) {
  const page = await open(browser, worker);
  await check("the sixth sign-in of a minute with a wrong password is not even tried", async () => {
    for (let tries = 0; tries < 6; tries++) await signIn(page, "not the password");
    await page.getByRole("alert").getByText("Too many failed sign-ins").waitFor();
    await signIn(page);
    await page.getByRole("alert").getByText("Too many failed sign-ins").waitFor();
  });
}

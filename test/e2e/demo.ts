import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { startScript, untilGone } from "../scripts/child.ts";
import { openChromium } from "./chromium.ts";
import type { Check, Suite } from "./suite.ts";

/** A text with scripts. Each one that runs sets `harmed` on its window. */
const HOSTILE = `<script>top.harmed = 1; window.harmed = 1</script>
<img src="x" onerror="window.harmed = 2"><svg onload="window.harmed = 3">
"><iframe srcdoc="<script>parent.harmed = 4</script>"></iframe> PIN reset 0x801C0001`;

/** Scripts for the page, as strings: this project has no types for the browser. */
const FRAMES = "[window, ...[...document.querySelectorAll('iframe')].map((f) => f.contentWindow)]";
const HARMED = `${FRAMES}.filter((each) => "harmed" in each).map((each) => each.harmed)`;
const HIDDEN = `${FRAMES}.map((each) => each.document.documentElement)
  .filter((each, index) => each.scrollWidth > each.clientWidth ||
    (index > 0 && each.scrollHeight > each.clientHeight))
  .map((each) => each.outerHTML.slice(0, 200))`;

/** The practice desk of `npm start`, used through a browser as a person does. */
export const demo: Suite = async (check, onEnd) => {
  const program = startScript("start.ts", ["--port", "0", "--desk-port", "0"]);
  onEnd(async () => {
    const family = program.family();
    program.signalGroup("SIGINT");
    await untilGone(family);
  });
  const url = await program.until(/^Ticket desk +(\S+)/m);
  await program.until(/^Stop/m);
  const browser = await openChromium();
  onEnd(() => browser.close());
  await visit(check, browser, url);
};

async function visit(check: Check, browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  const browserErrors: string[] = [];
  page.on("console", (message) => message.type() === "error" && browserErrors.push(message.text()));
  page.on("pageerror", (error) => browserErrors.push(error.message));
  await page.goto(url);

  await check("the page shows the sample ticket with its comment", async () => {
    await comment(page, "T-1").getByText("0x80090029").first().waitFor();
    await expectText(page, "#T-1", /Mitigation known/);
    await screenshot(page.locator("#T-1"), "comment");
  });

  await check("the comment of a new ticket appears without a reload", async () => {
    await page.evaluate("window.sameDocument = true; 0");
    await file(page, "サインインできません", "エラー0x80090029 が表示されます。", "ja");
    await comment(page, "T-2").getByText("0x80090029").first().waitFor();
    // The text shows no situation, so the comment tells no steps.
    await expectText(page, "#T-2", /No steps known/);
    await page.locator("#T-2").getByText("The comment was posted.").waitFor();
    assert.ok(await page.evaluate("'sameDocument' in window"));
  });

  await check("a file of HTML becomes the text of a ticket, which is in view", async () => {
    const buffer = Buffer.from("<p>The setup stops: <b>0x8024</b>0016</p>");
    await page.setInputFiles("#attachment", { name: "mail.html", mimeType: "text/html", buffer });
    await page.getByLabel("The text is").selectOption("html");
    await page.getByRole("button", { name: "File ticket" }).click();
    await page.locator("#T-3").getByText("The comment was posted.").waitFor();
    await comment(page, "T-3").getByText("0x80240016").first().waitFor();
    const top = await page.locator("#T-3").evaluate((card) => card.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 1400, `its top is at ${top} px`);
  });

  await check("every label stands once, in the language of the browser", async () => {
    const context = await browser.newContext({ locale: "ja-JP" });
    const japanese = await context.newPage();
    await japanese.goto(url);
    await japanese.getByRole("button", { name: "送信" }).waitFor();
    assert.equal(await japanese.getByText("File ticket").count(), 0);
    await context.close();
    assert.equal(await page.getByText("送信").count(), 0);
  });

  await check("the page shows the result of a re-trigger", async () => {
    await page.locator("#T-2").getByRole("button", { name: "Re-trigger" }).click();
    await page.locator("#T-2").getByText("Nothing new to say").waitFor();
  });

  await check("scripts in a ticket are shown as text and do not run", async () => {
    await file(page, "<b>bold</b>", HOSTILE, "en");
    await comment(page, "T-4").getByText("0x801C0001").first().waitFor();
    await expectText(page, "#T-4", /Contact Microsoft/);
    await expectText(page, "#T-4 .text", /<script>top\.harmed = 1/);
    assert.deepEqual(await page.evaluate(HARMED), []);
  });

  await check("the browser reports no error", async () => {
    assert.deepEqual(browserErrors, []);
  });

  await check("scripts in the frame of a comment do not run", async () => {
    await page.evaluate(`new Promise((loaded) => {
      const frame = document.querySelector("iframe");
      frame.addEventListener("load", loaded);
      frame.srcdoc = ${JSON.stringify(HOSTILE)};
    }).then(() => 0)`);
    assert.deepEqual(await page.evaluate(HARMED), []);
    await page.reload();
  });

  await check("the whole comment is visible, also on a narrow screen", async () => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 1400 });
      await page.waitForTimeout(300);
      assert.deepEqual(await page.evaluate(HIDDEN), []);
      await screenshot(page.locator("body"), `practice-desk-${width}`);
    }
  });
}

async function file(page: Page, subject: string, body: string, locale: string) {
  await page.getByLabel("Subject", { exact: true }).fill(subject);
  await page.getByLabel("Text", { exact: true }).fill(body);
  await page.getByLabel("Language of the ticket").selectOption(locale);
  await page.getByRole("button", { name: "File ticket" }).click();
}

async function expectText(page: Page, selector: string, text: RegExp) {
  assert.match((await page.locator(selector).textContent()) ?? "", text);
}

function comment(page: Page, ticketId: string) {
  return page.locator(`#${ticketId}`).frameLocator("iframe").last();
}

/** Saves a screenshot if SCREENSHOTS names a folder. */
async function screenshot(part: Locator, name: string) {
  const folder = process.env.SCREENSHOTS;
  await part.screenshot(folder ? { path: join(folder, `${name}.png`) } : {});
}

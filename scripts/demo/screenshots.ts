import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { runScript, type ScriptContext } from "../local-worker/process.ts";
import { ROOT } from "../local-worker/root.ts";
import { type Demo, SAMPLE, startDemo } from "./demo.ts";

const USAGE = `node scripts/demo/screenshots.ts
  --out       the folder for the pictures (docs)
  --chromium  the browser (/usr/bin/chromium)`;

/** What the pictures of README and docs show: the real pages of a demo, enlarged for sharp screens. */
async function takeScreenshots(context: ScriptContext) {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join(ROOT, "docs") },
      chromium: { type: "string", default: "/usr/bin/chromium" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!existsSync(values.chromium)) throw new Error(`There is no browser at ${values.chromium}.`);

  const demo = await startDemo({ worker: 0, desk: 0 }, () => {}, context);
  await demo.ticketSystem.file(SAMPLE);
  // Chromium cannot use its sandbox as root. It opens only pages of 127.0.0.1 here.
  const browser = await chromium.launch({
    executablePath: values.chromium,
    args: ["--no-sandbox"],
  });
  context.onExit(() => browser.close());
  await takeComment(browser, demo, join(values.out, "comment.png"));
  await takeConsole(browser, demo, join(values.out, "console.png"));
}

function openPage(browser: Browser): Promise<Page> {
  const viewport = { width: 1100, height: 1000 };
  return browser.newPage({
    viewport,
    deviceScaleFactor: 1.5,
    locale: "en-US",
    colorScheme: "light",
  });
}

/** The sample ticket on the practice desk, with its comment. */
async function takeComment(browser: Browser, { ticketSystem }: Demo, path: string) {
  const page = await openPage(browser);
  await page.goto(ticketSystem.url.href);
  await page.locator("#T-1 iframe").contentFrame().getByText("0x80090029").first().waitFor();
  await page.locator("#T-1").screenshot({ path });
  console.log(path);
}

/** The sample ticket in the console's Look up. */
async function takeConsole(browser: Browser, { worker, token }: Demo, path: string) {
  const page = await openPage(browser);
  await page.goto(new URL("/console/look-up", worker.url).href);
  await page.getByLabel("Password or API token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Text or code").fill(SAMPLE.body);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.locator("mark").first().waitFor();
  await page.screenshot({ path, fullPage: true });
  console.log(path);
}

await runScript(takeScreenshots);

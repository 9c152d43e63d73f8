import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Damage, PictureCase } from "./cases.ts";
import { SUBJECT, writePage } from "./page.ts";

const CHROMIUM = "/usr/bin/chromium";

/** A picture, and the text that is really in it. */
export interface RenderedPicture {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Opens Debian's chromium. It draws with hinting, as Windows does. */
export function openRenderer(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`There is no browser at ${CHROMIUM}.`);
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--font-render-hinting=full",
    "--disable-lcd-text",
  ];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** Draws one picture. */
export async function render(browser: Browser, picture: PictureCase): Promise<RenderedPicture> {
  const viewport = picture.isDesktop ? { width: 1920, height: 1080 } : { width: 1400, height: 900 };
  const page = await browser.newPage({ deviceScaleFactor: picture.scale, viewport });
  try {
    await page.setContent(writePage(picture));
    await page.evaluate("document.fonts.ready");
    const subject = page.locator(SUBJECT);
    // biome-ignore lint/performance/useDomNodeTextContent: textContent does not part the lines.
    const text = await subject.innerText();
    const png = await subject.screenshot({ type: "png" });
    const bytes = picture.damage === "none" ? png : await damage(page, png, picture.damage);
    return { bytes, text };
  } finally {
    await page.close();
  }
}

/** Does to a picture what mail programs and telephones do, in a canvas of the page. */
async function damage(page: Page, png: Uint8Array, kind: Exclude<Damage, "none">) {
  const source = Buffer.from(png).toString("base64");
  const base64 = await page.evaluate<string>(`(${DAMAGE})(${JSON.stringify({ source, kind })})`);
  return Buffer.from(base64, "base64");
}

/**
 * Runs in the page. A photograph is larger, tilted, narrower at the top, a little out of focus, and
 * has the noise of a sensor.
 */
const DAMAGE = `async ({ source, kind }) => {
  const image = new Image();
  image.src = "data:image/png;base64," + source;
  await image.decode();
  const isPhotograph = kind === "photograph";
  const factor = isPhotograph ? Math.min(1.6, 2600 / image.width) : 1;
  const open = () => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * factor);
    canvas.height = Math.round(image.height * factor);
    return canvas.getContext("2d", { willReadFrequently: true });
  };
  const sharp = open();
  const { width, height } = sharp.canvas;
  if (!isPhotograph) {
    sharp.drawImage(image, 0, 0);
    return sharp.canvas.toDataURL("image/jpeg", 0.6).split(",")[1];
  }
  sharp.fillStyle = "#333";
  sharp.fillRect(0, 0, width, height);
  for (let y = 0; y < height; y++) {
    const inset = width * 0.03 * (1 - y / height);
    sharp.drawImage(image, 0, y / factor, image.width, 1 / factor, inset, y, width - 2 * inset, 1.5);
  }
  const blurred = open();
  blurred.filter = "blur(1.1px)";
  blurred.translate(width / 2, height / 2);
  blurred.rotate(((image.width % 7) - 3) * 0.012 + 0.006);
  blurred.drawImage(sharp.canvas, -width / 2, -height / 2);
  const pixels = blurred.getImageData(0, 0, width, height);
  let state = image.width * 7919 + image.height;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  for (let at = 0; at < pixels.data.length; at += 4) {
    const noise = (random() + random() + random() - 1.5) * 24;
    for (let colour = 0; colour < 3; colour++) {
      pixels.data[at + colour] = pixels.data[at + colour] * 0.92 + noise;
    }
  }
  blurred.putImageData(pixels, 0, 0);
  return blurred.canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}`;

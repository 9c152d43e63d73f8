import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../local-worker/root.ts";
import { ordinaryPicture, type PictureCase } from "./cases.ts";
import { openRenderer, render } from "./render.ts";

const FOLDER = join(ROOT, "test/fixtures/screenshots");

type Fixture = readonly [
  dialog: string,
  code: string,
  language: PictureCase["language"],
  differences?: Partial<PictureCase>,
];

/** The pictures that `npm test` reads. Codes of one facility differ in letters that look alike. */
const FIXTURES: readonly Fixture[] = [
  ["hello", "0x80090029", "en"],
  ["hello", "0x801c044f", "ja", { scale: 1.25 }],
  ["update", "0x800F0922", "en", { isDark: true }],
  ["update-history", "0x80070643", "ja", { font: "DejaVu Sans" }],
  ["copy", "0x8007045D", "de", { damage: "jpeg", scale: 1.25 }],
  ["application", "0xc000007b", "ja"],
  ["powershell", "0x80073CF9", "en", { isDark: true }],
  ["dism", "0x800f081f", "en", { monospacedFont: "Inconsolata" }],
  ["office", "CAA20003", "de"],
  ["recovery", "0xc0000225", "de", { scale: 1.5, damage: "jpeg" }],
  ["registry", "", "en"],
  ["store", "0x80131500", "ja", { damage: "photograph" }],
];

/** Draws the fixtures anew: `node scripts/bench/screenshots/fixtures.ts`. */
async function drawFixtures() {
  await mkdir(FOLDER, { recursive: true });
  const browser = await openRenderer();
  try {
    for (const [name, code, language, differences] of FIXTURES) {
      const picture = ordinaryPicture(name, code, { language, ...differences });
      const { bytes } = await render(browser, picture);
      const extension = picture.damage === "none" ? "png" : "jpg";
      await writeFile(join(FOLDER, `${name}-${language}.${extension}`), bytes);
    }
  } finally {
    await browser.close();
  }
}

await drawFixtures();

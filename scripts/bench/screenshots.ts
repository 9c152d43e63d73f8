import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { dryRun } from "../../src/enrichment/dry-run.ts";
import { scanPicture } from "../../src/enrichment/scan-picture.ts";
import { readSettings } from "../../src/env.ts";
import { catalogOf } from "../catalog/build.ts";
import { catalogFolders } from "../catalog/folders.ts";
import { readCatalog } from "../catalog/read.ts";
import { bundle, bundleScreenshots } from "../local-worker/runtime.ts";
import { judge, tally, type Verdict } from "../screenshots/score.ts";
import { choosePictures, ordinaryPicture, type PictureCase } from "./screenshots/cases.ts";
import { openRenderer, type RenderedPicture, render } from "./screenshots/render.ts";
import { type MeasuredReader, startReader, type Usage } from "./screenshots/workerd-reader.ts";
import { type Section, table } from "./table.ts";

const PICTURES = 300;

interface Options {
  readonly seed: number;
  /** How many pictures; default: 300. */
  readonly count?: number;
  /** Where the pictures are kept that were not read exactly; null: nowhere. */
  readonly keep: string | null;
}

/** One picture of the run. */
interface Result {
  readonly picture: PictureCase;
  readonly verdict: Verdict;
  readonly found: readonly string[];
  readonly expected: readonly string[];
  readonly cpuMs: number;
}

/**
 * Draws pictures from a seed, and reads them in workerd: how many codes are exact, silent and wrong,
 * and what a picture costs.
 */
export async function benchScreenshots({
  seed,
  count = PICTURES,
  keep,
}: Options): Promise<Section> {
  const catalog = await catalogOf(await readCatalog(catalogFolders()));
  const settings = readSettings({});
  await using cleanUps = new AsyncDisposableStack();
  const browser = await openRenderer();
  cleanUps.defer(() => browser.close());
  const reader = await startReader();
  cleanUps.defer(reader.stop);

  const codesIn = async (body: string) => {
    const request = { subject: null, body, format: "text" } as const;
    return (await dryRun(request, catalog, settings)).codes.map(({ code }) => code);
  };
  const results: Result[] = [];
  for (const picture of choosePictures(count, seed)) {
    const rendered = await render(browser, picture);
    const before = reader.usage();
    const { codes } = await scanPicture(
      { name: picture.name, ...rendered },
      reader,
      catalog,
      settings,
    );
    const cpuMs = reader.usage().cpuMs - before.cpuMs;
    const found = codes.map(({ code }) => code);
    const expected = await codesIn(rendered.text);
    const counted = found.filter((code) => expected.includes(code) || !isMeant(code, picture));
    const verdict = judge(counted, expected);
    if (verdict !== "exact" && keep !== null) await keepPicture(keep, picture, rendered);
    results.push({ picture, verdict, found, expected, cpuMs });
  }
  const end = reader.usage();
  return {
    title: `Screenshots of seed ${seed}, read in workerd`,
    lines: [
      ...table(["Pictures", "Number", "Exact", "Silent", "Wrong"], groups(results)),
      "",
      ...costs(results, end),
      "",
      ...(await costsBySize(browser, reader)),
      "",
      ...(await sizes()),
      "",
      ...unlike(results),
    ],
  };
}

/** A code that is in the picture, but which the scanner does not take from its text, is no misreading. */
function isMeant(code: string, { code: meant, dialog }: PictureCase) {
  return !dialog.isEmpty && code === `0x${meant.replace(/^0x/i, "").toUpperCase()}`;
}

function groups(results: readonly Result[]): string[][] {
  const isPhotograph = ({ picture }: Result) => picture.damage === "photograph";
  const hasCode = ({ expected }: Result) => expected.length > 0;
  const screenshots = results.filter((each) => !isPhotograph(each));
  const rows: [string, readonly Result[]][] = [
    ["screenshots with a code", screenshots.filter(hasCode)],
    [
      "of them whole screens",
      screenshots.filter((each) => hasCode(each) && each.picture.isDesktop),
    ],
    [
      "of them JPEG at 60",
      screenshots.filter((each) => hasCode(each) && each.picture.damage === "jpeg"),
    ],
    ["screenshots without a code", screenshots.filter((each) => !hasCode(each))],
    ["photographs of a screen", results.filter(isPhotograph)],
  ];
  return rows.map(([name, some]) => {
    const { exact, silent, wrong } = tally(some.map(({ verdict }) => verdict));
    const share = some.length === 0 ? "" : ` (${((100 * exact) / some.length).toFixed(1)} %)`;
    return [name, `${some.length}`, `${exact}${share}`, `${silent}`, `${wrong}`];
  });
}

function costs(results: readonly Result[], { memoryMiB, peakMiB }: Usage): string[] {
  const sorted = results.map(({ cpuMs }) => cpuMs).toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.floor((sorted.length - 1) * share)] ?? 0} ms`;
  return [
    `CPU of a picture: median ${at(0.5)}, 90th percentile ${at(0.9)}, largest ${at(1)}. ` +
      `Memory of workerd after all: ${memoryMiB} MiB, at most ${peakMiB} MiB.`,
  ];
}

/** Sizes of pictures whose cost is told. */
const SIZES = [
  ["a dialog", "application", { isDesktop: false, scale: 1, damage: "none" }],
  ["a screen of 1920x1080", "copy", { isDesktop: true, scale: 1, damage: "none" }],
  ["a screen of 3840x2160", "copy", { isDesktop: true, scale: 2, damage: "none" }],
  ["a photograph of a screen", "copy", { isDesktop: true, scale: 1, damage: "photograph" }],
] as const;

async function costsBySize(browser: Browser, reader: MeasuredReader): Promise<string[]> {
  const rows: string[][] = [];
  for (const [name, dialogName, differences] of SIZES) {
    const picture = ordinaryPicture(dialogName, "0x80070005", differences);
    const { bytes } = await render(browser, picture);
    const before = reader.usage();
    const reading = await reader.read(bytes);
    const { cpuMs } = reader.usage();
    const outcome = reading.kind === "read" ? "read" : `not read (${reading.reason})`;
    const kib = Math.round(bytes.length / 1024);
    rows.push([name, `${kib} KiB`, `${cpuMs - before.cpuMs} ms`, outcome]);
  }
  return table(["Picture", "File", "CPU", "Outcome"], rows);
}

async function sizes(): Promise<string[]> {
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
  const first = Buffer.from(await bundle());
  const modules = (await bundleScreenshots()).map(({ path, contents = "" }) => ({
    path: path.replace(/^[0-9a-f]{40}-/, ""),
    bytes: Buffer.from(contents),
  }));
  const total = Buffer.concat(modules.map(({ bytes }) => bytes));
  const rows = [
    ["the first Worker", kib(first.length), kib(gzipSync(first).length)],
    ["the second Worker", kib(total.length), kib(gzipSync(total).length)],
    ...modules.map(({ path, bytes }) => [path, kib(bytes.length), kib(gzipSync(bytes).length)]),
  ];
  return table(["Bundle", "Size", "gzip"], rows);
}

/** The pictures that were not read exactly, a line each. Of photographs only the wrong ones. */
function unlike(results: readonly Result[]): string[] {
  return results
    .filter(({ verdict, picture }) =>
      picture.damage === "photograph" ? verdict === "wrong" : verdict !== "exact",
    )
    .map(({ picture, verdict, found, expected }) => {
      const { name, language, scale, damage } = picture;
      const about = [name, language, `${scale * 100} %`, damage].join(", ");
      return `- ${verdict}: ${about}: in it ${expected.join(" ") || "none"}, read ${found.join(" ") || "none"}`;
    });
}

async function keepPicture(
  folder: string,
  { name, damage }: PictureCase,
  { bytes }: RenderedPicture,
) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.${damage === "none" ? "png" : "jpg"}`), bytes);
}

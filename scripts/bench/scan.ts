import { Bench } from "tinybench";
import type { SignMatcher } from "../../src/catalog/signs.ts";
import { scanTicket } from "../../src/enrichment/scan-ticket.ts";
import { catalogOf } from "../catalog/build.ts";
import { catalogFolders } from "../catalog/folders.ts";
import { readCatalog } from "../catalog/read.ts";
import { logText } from "./log-text.ts";
import { type Section, table } from "./table.ts";

const MEGABYTE = 1_000_000;
/** The signs of the real catalog: a delivery is searched for them, too. */
const { findSigns } = await catalogOf(await readCatalog(catalogFolders()));
const ROUNDS = { iterations: 12, warmupIterations: 3, time: 0, warmupTime: 0 };

/** The baseline: one notation, without any context. */
const SINGLE_REGEX = /\b0x[0-9A-Fa-f]{8}\b/g;

/** Patterns on which a careless regular expression backtracks for minutes. */
const HOSTILE = [
  ["0x", "0x"],
  ["a", "a"],
  ["digits", "8009002980090029"],
  ["dashes", "-"],
  ["blanks", " "],
  ["NUL", "\u0000"],
  ["small numbers", "(1722) "],
] as const;

function scanOf(piece: string) {
  const body = Buffer.from(piece.repeat(Math.ceil(MEGABYTE / piece.length))).toString();
  return () => scanTicket({ subject: "", body, format: "text", locale: "en" }, findSigns);
}

/** A row of the table: what was measured, the figure, and its ratio to the baseline. */
type Row = readonly [what: string, figure: string, ratio: string];

/** Measures the speed of scanning, in bytes of UTF-8 per second, relative to one regex. */
export async function benchScan(): Promise<Section> {
  const log = logText(10 * MEGABYTE);
  const html = `<div><p>${log.replaceAll("\n", "</p>\n<p>")}</p></div>`.slice(0, 10 * MEGABYTE);
  const mail = log.replace(/(.{72})/g, "$1=\r\n").slice(0, 10 * MEGABYTE);
  const ticket = "PIN を作成しようとすると、エラー0x80090029 が表示されます。".padEnd(
    1_000,
    "再起動しました。",
  );

  const plainRate = await rate(log, () => [...log.matchAll(SINGLE_REGEX)].length);
  const of = (body: string, format: "text" | "html") =>
    rate(body, () =>
      scanTicket({ subject: "", body, format, locale: "en" }, findSigns, Number.POSITIVE_INFINITY),
    );
  const rows: [string, number][] = [
    ["one regular expression, 0x form only, 10 MB log", plainRate],
    ["scan, all notations, 10 MB log", await of(log, "text")],
    ["scan, 10 MB HTML", await of(html, "html")],
    ["scan, 10 MB quoted-printable mail", await of(mail, "text")],
  ];
  const prose = await medianSeconds(scanOf("Nothing happened, and nobody knew why. "), ROUNDS);
  const hostile: Row[] = [];
  for (const [name, piece] of HOSTILE) {
    const seconds = await medianSeconds(scanOf(piece), ROUNDS);
    hostile.push([
      `1 MB of ${name}`,
      `${(seconds * 1e3).toFixed(1)} ms`,
      (seconds / prose).toFixed(2),
    ]);
  }
  const all = [
    ...rows.map(
      ([what, value]): Row => [
        what,
        `${value.toFixed(0)} MB/s`,
        `${(value / plainRate).toFixed(2)}`,
      ],
    ),
    ["codes of a ticket of 1 KB", `${(await microseconds(ticket, null)).toFixed(1)} µs`, ""],
    ["codes and signs of it", `${(await microseconds(ticket, findSigns)).toFixed(1)} µs`, ""],
    ["1 MB of prose", `${(prose * 1e3).toFixed(1)} ms`, "1.00"],
    ...hostile,
  ];
  return { title: "Scanning", lines: table(["What", "Figure", "Ratio"], all) };
}

async function rate(text: string, run: () => unknown) {
  const bytes = Buffer.byteLength(text);
  return bytes / MEGABYTE / (await medianSeconds(run, ROUNDS));
}

async function microseconds(ticket: string, signs: SignMatcher | null) {
  const run = () =>
    scanTicket({ subject: "PIN", body: ticket, format: "text", locale: "ja" }, signs);
  return 1e6 * (await medianSeconds(run, { time: 1_000, warmupTime: 500 }));
}

async function medianSeconds(run: () => unknown, options: ConstructorParameters<typeof Bench>[0]) {
  const bench = new Bench(options);
  bench.add("run", () => {
    run();
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (!result || !("latency" in result)) throw new Error("nothing was measured");
  return result.latency.p50 / 1_000;
}

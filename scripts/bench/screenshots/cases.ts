import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import * as z from "zod";
import { ROOT } from "../../local-worker/root.ts";
import { DIALOGS, type Dialog, type DialogLanguage } from "./dialogs.ts";

/** What happens to a picture on its way: nothing, JPEG at quality 60, or a telephone's camera. */
export type Damage = "none" | "jpeg" | "photograph";

/** One picture of a run. */
export interface PictureCase {
  readonly name: string;
  readonly dialog: Dialog;
  /** As it is written in the picture. */
  readonly code: string;
  readonly language: DialogLanguage;
  readonly isDark: boolean;
  /** A whole screen of 1920x1080 with the dialog on it, and not the dialog alone. */
  readonly isDesktop: boolean;
  /** The scaling of the display: 1, 1.25 or 1.5. */
  readonly scale: number;
  readonly font: string;
  readonly monospacedFont: string;
  readonly damage: Damage;
}

const FONTS = ["Open Sans", "Noto Sans", "DejaVu Sans"] as const;
const MONOSPACED_FONTS = ["Cascadia Mono", "Inconsolata", "DejaVu Sans Mono"] as const;
/** The upper halves of codes that Windows shows. */
const FACILITIES = [
  ...(["8007", "8024", "8009", "801c", "8018", "800f", "8004"] as const),
  ...(["8013", "8073", "87d0", "c000", "c004"] as const),
] as const;
/** What stands without a prefix: codes of Office and of enrolment. */
const BARE_FACILITIES = ["caa2", "801c", "8018"] as const;

/**
 * Chooses what is in each picture. The same seed gives the same pictures.
 *
 * Half of the codes have random digits, so that no dictionary can help. The others are those that
 * headers name: there a misread digit may make another known code.
 */
export function choosePictures(count: number, seed: number): PictureCase[] {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(generator, 0, limit - 1);
  const pick = <T>(all: readonly [T, ...T[]]) => all[below(all.length)] ?? all[0];
  const named = namedCodes();

  const chooseCode = ({ notation }: Dialog) => {
    const low = below(0x10000).toString(16).padStart(4, "0");
    const digits =
      notation === "bare"
        ? pick(BARE_FACILITIES) + low
        : below(2) === 0
          ? pick(FACILITIES) + low
          : pick(named);
    const cased = below(2) === 0 ? digits.toUpperCase() : digits.toLowerCase();
    return notation === "bare" ? cased : `0x${cased}`;
  };

  return Array.from({ length: count }, (_, index) => {
    const dialog = pick(DIALOGS);
    return {
      name: `${String(index).padStart(3, "0")}-${dialog.name}`,
      dialog,
      code: chooseCode(dialog),
      language: pick(["en", "ja", "de"]),
      isDark: below(3) === 0,
      isDesktop: below(10) === 0,
      scale: pick([1, 1, 1.25, 1.5]),
      font: pick(FONTS),
      monospacedFont: pick(MONOSPACED_FONTS),
      damage: pick(["none", "none", "none", "jpeg", "photograph"]),
    };
  });
}

/** A dialog in English on a light screen at 100 %, apart from what is said of it. */
export function ordinaryPicture(
  name: string,
  code: string,
  differences: Partial<PictureCase> = {},
): PictureCase {
  const dialog = DIALOGS.find((each) => each.name === name);
  if (dialog === undefined) throw new Error(`There is no dialog ${name}.`);
  return {
    name,
    dialog,
    code,
    language: "en",
    isDark: false,
    isDesktop: false,
    scale: 1,
    font: "Open Sans",
    monospacedFont: "Cascadia Mono",
    damage: "none",
    ...differences,
  };
}

const Symbols = z.object({ names: z.record(z.string(), z.unknown()) });

/** The codes of the HRESULT table: eight hex digits each. */
function namedCodes(): [string, ...string[]] {
  const file = join(ROOT, "catalog/symbols/hresult.json");
  const { names } = Symbols.parse(JSON.parse(readFileSync(file, "utf8")));
  const [first = "80004005", ...others] = Object.keys(names).filter((code) =>
    /^[89A-F]/.test(code),
  );
  return [first, ...others];
}

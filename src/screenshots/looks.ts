import { agreedDigits, digitsIn, readingsNeeded } from "./agreement.ts";
import { type CodeCandidate, findCandidates } from "./candidates.ts";
import type { Engine, Word } from "./engine.ts";
import { enlarge } from "./enlarge.ts";
import { flatten } from "./flatten.ts";
import {
  addMargin,
  type Box,
  crop,
  darkOnBright,
  type GreyImage,
  stretchContrast,
} from "./grey-image.ts";

/** What was seen in a picture. */
export interface Sight {
  readonly words: readonly Word[];
  readonly codes: readonly SeenCode[];
}

/** A candidate, and what the looks agreed on. */
export interface SeenCode extends CodeCandidate {
  /** Null when they did not agree. */
  readonly digits: string | null;
}

/** Awaited between two steps, so that others get their turn. Rejects when reading must end. */
export type Pause = () => Promise<void>;

/** How many places are looked at more closely. */
const MAX_CANDIDATES = 12;

/**
 * Looks at a picture as a whole, and then at each place that may hold a code: from closer, and with
 * hex digits alone.
 */
export async function lookAt(image: GreyImage, engine: Engine, pause: Pause): Promise<Sight> {
  const flat = flatten(image);
  const words = await firstLook(flat, engine, pause);
  const codes: SeenCode[] = [];
  for (const candidate of findCandidates(words).slice(0, MAX_CANDIDATES)) {
    codes.push({ ...candidate, digits: lookCloser(candidate, { image, flat, engine }) });
    await pause();
  }
  return { words, codes: reconcile(codes) };
}

/** The most pixels that the engine gets at once: its memory grows with them. */
const MAX_STRIP_PIXELS = 2_000_000;
const MIN_STRIP_ROWS = 160;
/** Rows that two strips share, so that each line of text is whole in one of them. */
const OVERLAP_ROWS = 40;

/** Reads all words of a picture, in strips of its whole width. Boxes are in pixels of the picture. */
async function firstLook(flat: GreyImage, engine: Engine, pause: Pause): Promise<Word[]> {
  const factor = factorFor(flat);
  const words: Word[] = [];
  for (const { top, bottom } of strips(flat, factor)) {
    const strip = enlarge(crop(flat, { left: 0, right: flat.width, top, bottom }), factor);
    const firstLine = (words.at(-1)?.line ?? -1) + 1;
    const isCut = (word: Word) =>
      (top > 0 && word.top <= 1) || (bottom < flat.height && word.bottom >= strip.height - 1);
    for (const each of engine.findWords(strip)) {
      // It is whole in the strip before or behind.
      if (isCut(each)) continue;
      words.push({
        text: each.text,
        line: firstLine + each.line,
        left: each.left / factor,
        right: each.right / factor,
        top: each.top / factor + top,
        bottom: each.bottom / factor + top,
      });
    }
    await pause();
  }
  return words;
}

/** Small letters are read best at twice their size. */
function factorFor({ width, height }: GreyImage): number {
  return width * height <= 3_700_000 ? 2 : 1.5;
}

function strips({ width, height }: GreyImage, factor: number) {
  const most = Math.floor(MAX_STRIP_PIXELS / (width * factor * factor));
  const rows = Math.max(MIN_STRIP_ROWS, most);
  if (rows >= height) return [{ top: 0, bottom: height }];
  const count = Math.ceil((height - OVERLAP_ROWS) / (rows - OVERLAP_ROWS));
  const step = Math.ceil((height - OVERLAP_ROWS) / count);
  return Array.from({ length: count }, (_, index) => {
    const top = index * step;
    return { top, bottom: Math.min(height, top + step + OVERLAP_ROWS) };
  });
}

/** What a closer look may read. */
const LETTERS = {
  prefixed: "0123456789abcdefABCDEFxX():.,-",
  bare: "0123456789abcdefABCDEFxX():.,-",
  decimal: "0123456789-().,:",
};

/** The height to which a word is enlarged, in pixels, and whether it is looked at flattened. */
const CLOSER_LOOKS = [
  { height: 30, isFlat: true },
  { height: 44, isFlat: true },
  { height: 44, isFlat: false },
  { height: 30, isFlat: false },
];
/** So many closer looks there are at least. Further ones stand in for those without a reading. */
const MIN_CLOSER_LOOKS = 2;
/** White around a word: the engine reads nothing that touches the edge. */
const MARGIN = 12;

/** Looks at one place again. @returns The digits on which all readings agree, or null. */
function lookCloser(
  { notation, text, box }: CodeCandidate,
  { image, flat, engine }: { image: GreyImage; flat: GreyImage; engine: Engine },
): string | null {
  const height = Math.max(6, box.bottom - box.top);
  const around = grow(box, Math.max(3, height * 0.35));
  const readings = [digitsIn(text, notation)];
  const needed = readingsNeeded(text, notation);
  for (const [index, look] of CLOSER_LOOKS.entries()) {
    const isEnough = readings.filter((each) => each !== null).length >= needed;
    if (index >= MIN_CLOSER_LOOKS && isEnough) break;
    const cut = look.isFlat
      ? crop(flat, around)
      : darkOnBright(stretchContrast(crop(image, around)));
    const large = enlarge(cut, Math.max(0.5, look.height / height));
    const reading = engine.readLine(addMargin(large, MARGIN, 255), LETTERS[notation]);
    readings.push(digitsIn(reading, notation));
  }
  return agreedDigits(text, readings, notation);
}

function grow({ left, top, right, bottom }: Box, by: number): Box {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

/**
 * A code in the rows that two strips share is seen twice, and may be whole in one of them only. It
 * counts once; when both say different digits it does not count.
 */
function reconcile(codes: readonly SeenCode[]): SeenCode[] {
  return codes.map((each, index) => {
    const twins = codes.filter((other, at) => at !== index && overlap(each.box, other.box));
    const said = new Set([each, ...twins].flatMap(({ digits }) => digits ?? []));
    const [digits = null] = said;
    const isFirst = !twins.some((other) => codes.indexOf(other) < index);
    return { ...each, digits: said.size === 1 && isFirst ? digits : null };
  });
}

function overlap(one: Box, other: Box): boolean {
  const across = one.left < other.right && other.left < one.right;
  return across && one.top < other.bottom && other.top < one.bottom;
}

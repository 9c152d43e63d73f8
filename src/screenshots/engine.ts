import type {
  TesseractCore,
  TesseractFactory,
} from "tesseract.js-core/tesseract-core-simd-lstm.js";
import type { Box, GreyImage } from "./grey-image.ts";

/** A word as the engine reads it. */
export interface Word extends Box {
  readonly text: string;
  /** Words of one line have the same number. */
  readonly line: number;
}

/** Recognises text in pictures of black on white. */
export interface Engine {
  /** Finds words anywhere in a picture, line by line. Any letter may occur. */
  findWords(image: GreyImage): Word[];
  /** Reads a picture that holds one line. @param letters No other ones may occur. */
  readLine(image: GreyImage, letters: string): string;
  /** How much memory of WebAssembly it has taken, in bytes. */
  readonly memoryBytes: number;
}

/** Modes of page segmentation. */
const SINGLE_LINE = 7;
const SPARSE_TEXT = 11;
/** Recognition by the neural network alone. */
const LSTM_ONLY = 1;
/** Without one, the engine guesses from the height of letters and prints a warning. */
const DOTS_PER_INCH = 144;
const MODEL_NAME = "codes";

/**
 * Opens Tesseract under any runtime.
 *
 * @param factory The glue code of `tesseract.js-core`.
 * @param module Its WebAssembly.
 * @param model A file of the kind `.traineddata`.
 * @throws {Error} When the model cannot be read.
 */
export async function openEngine(
  factory: TesseractFactory,
  module: WebAssembly.Module,
  model: Uint8Array,
): Promise<Engine> {
  let memory: WebAssembly.Memory | null = null;
  const core = await factory({
    // A Worker may not compile: it gets the compiled module, and the glue code must not fetch it.
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      for (const each of Object.values(instance.exports)) {
        if (each instanceof WebAssembly.Memory) memory = each;
      }
      receive(instance, module);
      return instance.exports;
    },
    print: () => {},
    printErr: () => {},
  });
  const found: WebAssembly.Memory | null = memory;
  if (found === null) throw new Error("the engine has no memory");
  core.FS.writeFile(`/${MODEL_NAME}.traineddata`, model);
  return createEngine(core, found);
}

function createEngine(core: TesseractCore, memory: WebAssembly.Memory): Engine {
  const api = new core.TessBaseAPI();
  if (api.Init(null, MODEL_NAME, LSTM_ONLY) !== 0) throw new Error("the engine refuses the model");

  function recognize<T>(image: GreyImage, mode: number, letters: string, result: () => T): T {
    api.SetPageSegMode(mode);
    api.SetVariable("tessedit_char_whitelist", letters);
    const at = core._malloc(image.pixels.length);
    new Uint8Array(memory.buffer).set(image.pixels, at);
    // The engine copies the picture.
    api.SetImage(at, image.width, image.height, 1, image.width);
    core._free(at);
    api.SetSourceResolution(DOTS_PER_INCH);
    try {
      return result();
    } finally {
      api.Clear();
    }
  }

  return {
    findWords: (image) => recognize(image, SPARSE_TEXT, "", () => parseTsv(api.GetTSVText(0))),
    readLine: (image, letters) =>
      recognize(image, SINGLE_LINE, letters, () => api.GetUTF8Text().trim()),
    get memoryBytes() {
      return memory.buffer.byteLength;
    },
  };
}

/** The level of a row that stands for a word. */
const WORD_LEVEL = "5";

/** Reads the engine's table: level, page, block, paragraph, line, word, x, y, w, h, confidence, text. */
function parseTsv(tsv: string): Word[] {
  const lines = new Map<string, number>();
  return tsv.split("\n").flatMap((row): Word[] => {
    const [level, , block, paragraph, lineInParagraph, , x, y, w, h, , text = ""] = row.split("\t");
    if (level !== WORD_LEVEL) return [];
    const key = [block, paragraph, lineInParagraph].join();
    const line = lines.get(key) ?? lines.size;
    lines.set(key, line);
    const [left, top] = [Number(x), Number(y)];
    return [{ text, line, left, top, right: left + Number(w), bottom: top + Number(h) }];
  });
}

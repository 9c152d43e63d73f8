import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { TesseractFactory } from "tesseract.js-core/tesseract-core-simd-lstm.js";
import type { PictureReader } from "../../src/picture.ts";
import { type Engine, openEngine } from "../../src/screenshots/engine.ts";
import { readPicture } from "../../src/screenshots/read-picture.ts";
import { ROOT } from "../local-worker/root.ts";

const MODEL = join(ROOT, "src/screenshots/model/eng-without-dictionary.bin");

/** Reads pictures in this process, with the code of the second Worker. One at a time. */
export function openNodeReader(): PictureReader & { memoryBytes(): Promise<number> } {
  let opened: Promise<Engine> | null = null;
  const engine = () => {
    opened ??= open();
    return opened;
  };
  return {
    read: (bytes) => readPicture(bytes, { engine, pause: async () => void (await setImmediate()) }),
    memoryBytes: async () => (await engine()).memoryBytes,
  };
}

async function open(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const name = "tesseract.js-core/tesseract-core-simd-lstm";
  const factory: TesseractFactory = require(`${name}.js`);
  // The types are those of workerd, which may not compile.
  const module: WebAssembly.Module = await Object(WebAssembly).compile(
    await readFile(require.resolve(`${name}.wasm`)),
  );
  return openEngine(factory, module, await readFile(MODEL));
}

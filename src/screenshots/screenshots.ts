import { WorkerEntrypoint } from "cloudflare:workers";
import factory from "tesseract.js-core/tesseract-core-simd-lstm.js";
import tesseract from "tesseract.js-core/tesseract-core-simd-lstm.wasm";
import type { PictureReader, Reading } from "../picture.ts";
import { type Engine, openEngine } from "./engine.ts";
import model from "./model/eng-without-dictionary.bin";
import { readPicture } from "./read-picture.ts";

/** How long a picture waits for those before it, in milliseconds. */
const MAX_WAIT_MS = 20_000;
/** How often it looks whether it may begin. */
const LOOK_AGAIN_MS = 50;
/** A reading that has not ended by then was killed, and the state of its engine is not known. */
const MAX_HELD_MS = 45_000;

/**
 * The engine of this isolate. It reads one picture at a time: its memory is that of one, and so is
 * the memory for decoding.
 */
let engine: Promise<Engine> | null = null;
/** Since when a picture is being read, in milliseconds since 1970; null while none is. */
let heldSince: number | null = null;

/** The second Worker: reads pictures for the first one, over a service binding. It has no address. */
export default class Screenshots extends WorkerEntrypoint implements PictureReader {
  /** Reads one picture. Never throws for what is in it. */
  async read(bytes: Uint8Array): Promise<Reading> {
    const since = await takeTurn();
    if (since === null) return { kind: "unread", reason: "busy" };
    try {
      return await readPicture(bytes, { engine: openOnce, pause: () => scheduler.wait(1) });
    } catch {
      // A trap in WebAssembly leaves its memory in any state.
      engine = null;
      return { kind: "unread", reason: "engine_failed" };
    } finally {
      if (heldSince === since) heldSince = null;
    }
  }
}

function openOnce(): Promise<Engine> {
  engine ??= openEngine(factory, tesseract, new Uint8Array(model));
  return engine;
}

/**
 * Waits until no other picture is read. It looks now and then, since a request must not wait for a
 * promise of another one that may have been killed.
 *
 * @returns When the turn began; null when it did not come.
 */
async function takeTurn(): Promise<number | null> {
  const waitsSince = Date.now();
  while (heldSince !== null) {
    const now = Date.now();
    if (now - heldSince > MAX_HELD_MS) {
      engine = null;
      break;
    }
    if (now - waitsSince > MAX_WAIT_MS) return null;
    await scheduler.wait(LOOK_AGAIN_MS);
  }
  heldSince = Date.now();
  return heldSince;
}

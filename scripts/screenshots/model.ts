import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../local-worker/root.ts";

const USAGE = `node scripts/screenshots/model.ts FILE
  FILE  eng.traineddata of tessdata_fast; src/screenshots/model/README.md says where it comes from`;

const TARGET = join(ROOT, "src/screenshots/model/eng-without-dictionary.bin");

/**
 * The parts that are kept, by their number in the container: the network, its letters, how letters
 * are coded, and the version. Tesseract's `tessdatamanager.h` numbers them.
 */
const KEPT = { lstm: 17, "lstm-unicharset": 21, "lstm-recoder": 22, version: 23 };

/**
 * Takes the dictionary out of a model of Tesseract. A code is no word, so the dictionary makes
 * readings of it worse.
 *
 * The container: the number of parts as a 32-bit integer, then the offset of each part in 64 bits,
 * -1 for one that is missing, then the parts. Little-endian.
 */
function withoutDictionary(file: Buffer): Buffer {
  const count = file.readUInt32LE(0);
  const offsets = Array.from({ length: count }, (_, part) => file.readBigInt64LE(4 + part * 8));
  const ends = [...offsets.filter((each) => each >= 0n), BigInt(file.length)].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const kept = new Map<number, Buffer>();
  for (const [name, part] of Object.entries(KEPT)) {
    const start = offsets[part];
    if (start === undefined || start < 0n) throw new Error(`The file has no part ${name}.`);
    const end = ends.find((each) => each > start);
    kept.set(part, file.subarray(Number(start), Number(end)));
  }
  const head = Buffer.alloc(4 + count * 8);
  head.writeUInt32LE(count, 0);
  let at = head.length;
  for (let part = 0; part < count; part++) {
    const body = kept.get(part);
    head.writeBigInt64LE(body === undefined ? -1n : BigInt(at), 4 + part * 8);
    at += body?.length ?? 0;
  }
  return Buffer.concat([head, ...kept.values()]);
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error(USAGE);
  process.exitCode = 1;
} else {
  const model = withoutDictionary(await readFile(file));
  await writeFile(TARGET, model);
  console.log(`${createHash("sha256").update(model).digest("hex")}  ${model.length} bytes`);
}

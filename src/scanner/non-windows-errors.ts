import { holds } from "./pattern.ts";

/** Errors of other systems, by name: of Sony's consoles, and of macOS. */
const NAMES = /(?:CELL|SCE)_\w{2,60}|kIO\w{2,60}/.source;
const NAME_BEFORE = new RegExp(`(?<=\\b(?:${NAMES})\\s?[:(=]\\s?)`, "y");
const NAME_AFTER = new RegExp(`\\s?[:(=]\\s?(?:${NAMES})`, "y");

/**
 * Whether a number is an error of another system: a cue word stands beside it as well, and it looks
 * the same.
 */
export function isForeign(text: string, value: number, start: number, end: number): boolean {
  return isOfIoKit(value) || holds(NAME_BEFORE, text, start) || holds(NAME_AFTER, text, end);
}

/**
 * What the drivers of macOS return. Windows has numbers of its own below and between them, for the
 * set-up of devices.
 *
 * @see https://developer.apple.com/documentation/kernel/kioreturnerror
 */
function isOfIoKit(value: number) {
  const rest = value - 0xe0000000;
  return (rest >= 0x2bc && rest <= 0x2ff) || (rest >= 0x4000 && rest <= 0xffff);
}

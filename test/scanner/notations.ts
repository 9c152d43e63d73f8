/** The eight hex digits of a code. */
export function toHex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Every way in which people and programs write a code. */
export const NOTATIONS: [name: string, write: (value: number) => string][] = [
  ["hex", (value) => `0x${toHex(value).toUpperCase()}`],
  ["hex in lower case", (value) => `0x${toHex(value)}`],
  ["hex with a capital X", (value) => `0X${toHex(value).toUpperCase()}`],
  ["hex with an underscore", (value) => `0x${toHex(value).slice(0, 4)}_${toHex(value).slice(4)}`],
  ["hex with L", (value) => `0x${toHex(value)}L`],
  ["hex with h", (value) => `error ${toHex(value)}h`],
  ["hex as in Visual Basic", (value) => `error &H${toHex(value).toUpperCase()}`],
  [
    "hex with a stray blank",
    (value) => `error 0x${toHex(value).slice(0, 4)} ${toHex(value).slice(4)}`,
  ],
  ["hex, sign-extended", (value) => `error 0xffffffff${toHex(value)}`],
  ["bare", (value) => `error ${toHex(value)}`],
  ["bare in Japanese", (value) => `エラー${toHex(value)}`],
  ["signed decimal", (value) => `error ${value - 2 ** 32}`],
  ["unsigned decimal", (value) => `error ${value}`],
  ["hex with its prefix apart", (value) => `error 0 x ${toHex(value)}`],
];

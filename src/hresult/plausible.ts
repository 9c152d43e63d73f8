/**
 * Upper halves of a code under which programs really report failures: the facilities of HRESULT
 * and NTSTATUS in public headers and documentation, in runs of neighbours.
 */
const UPPER_HALVES: readonly [from: number, to: number][] = [
  [0x8000, 0x80ff],
  // Store, Configuration Manager, Intune
  [0x87a0, 0x87ff],
  // Direct3D, audio, imaging
  [0x8860, 0x88ff],
  // The package manager
  [0x8a15, 0x8a15],
  [0x9000, 0x9000],
  // The camera
  [0xa00f, 0xa00f],
  [0xc000, 0xc0ff],
  // Windows Setup
  [0xc180, 0xc1ff],
  // Microsoft Entra ID
  [0xcaa1, 0xcaaf],
  [0xd000, 0xd0ff],
  // Setup of devices, .NET and C++ exceptions
  [0xe000, 0xe001],
  [0xe043, 0xe043],
  [0xe06d, 0xe06d],
];

/** Words and patterns which programmers leave in memory. */
const FILLING =
  /^(?:(..)\1{3}|DEAD....|BAAD....|BAD.....|8BADF00D|FEED....|CAFE....|C00010FF|F00D....|8000000[01]|C0000000)$/;

/** Whether a number can be a code by its upper half. */
export function isPlausible(value: number): boolean {
  const half = value >>> 16;
  return UPPER_HALVES.some(([from, to]) => half >= from && half <= to);
}

/** Whether a number is one that fills memory or marks the end of a range, in eight hex digits. */
export function isFilling(digits: string): boolean {
  return FILLING.test(digits);
}

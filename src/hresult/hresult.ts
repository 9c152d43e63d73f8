import * as z from "zod/mini";

/** A 32-bit failure code, spelled `0x` and eight upper-case hex digits. */
export const Hresult = z
  .string()
  .check(
    z.regex(/^0x[89A-F][0-9A-F]{7}$/, "a code is 0x and eight upper-case hex digits, bit 31 set"),
  )
  .brand<"Hresult">();
export type Hresult = z.infer<typeof Hresult>;

/**
 * Spells a 32-bit number as an HRESULT.
 *
 * @param value Signed, -2147483648 to -1, or unsigned, 2147483648 to 4294967295.
 * @returns The code, such as `0x80070005` for -2147024891.
 * @throws {$ZodError} When bit 31 is clear: that is a success code.
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/0642cb2f-2075-4469-918c-4441e69c548a
 */
export function toHresult(value: number): Hresult {
  return Hresult.parse(`0x${(value >>> 0).toString(16).toUpperCase().padStart(8, "0")}`);
}

/** The unsigned 32-bit number of a code: 2147483648 to 4294967295. */
export function toNumber(code: Hresult): number {
  return Number.parseInt(code, 16);
}

import { expect, test } from "vitest";
import { decode, type Family } from "../../src/hresult/decode.ts";
import { Hresult, toHresult, toNumber } from "../../src/hresult/hresult.ts";

type Row = [
  code: string,
  family: Family,
  severity: string,
  facility: number,
  inner: string | number | null,
  why: string,
];

/** `inner` is the Win32 number, or the NTSTATUS, or null. */
const rows: Row[] = [
  ["0x80090029", "hresult", "error", 9, null, "NTE_NOT_SUPPORTED"],
  ["0x80004005", "hresult", "error", 0, null, "E_FAIL: not an NTSTATUS warning"],
  ["0x8000FFFF", "hresult", "error", 0, null, "E_UNEXPECTED"],
  ["0x80070005", "win32", "error", 7, 5, "access denied"],
  ["0x80070057", "win32", "error", 7, 87, "E_INVALIDARG"],
  ["0x80072F0C", "win32", "error", 7, 12_044, "a number of WinINet"],
  ["0x8007FFFF", "win32", "error", 7, 65_535, "the largest number"],
  ["0x801C0001", "hresult", "error", 28, null, "device registration, not the filter manager"],
  ["0x801C044D", "hresult", "error", 28, null, "device registration"],
  ["0x8024402C", "hresult", "error", 36, null, "Windows Update"],
  ["0x87D1041C", "hresult", "error", 2001, null, "a facility of four digits"],
  ["0xC00000BB", "ntstatus", "error", 0, "0xC00000BB", "STATUS_NOT_SUPPORTED"],
  ["0xC000006D", "ntstatus", "error", 0, "0xC000006D", "STATUS_LOGON_FAILURE"],
  ["0xC01C0001", "ntstatus", "error", 28, "0xC01C0001", "here the filter manager"],
  ["0xC0190001", "ntstatus", "error", 25, "0xC0190001", "transactions"],
  ["0xD000006D", "ntstatus_in_hresult", "error", 0, "0xC000006D", "bit 28 on an error"],
  ["0xD0000225", "ntstatus_in_hresult", "error", 0, "0xC0000225", "HRESULT_FROM_NT"],
  ["0x90000005", "ntstatus_in_hresult", "warning", 0, "0x80000005", "bit 28 on a warning"],
  ["0xC004F074", "hresult", "error", 4, null, "activation"],
  ["0xC0048442", "ntstatus", "error", 4, "0xC0048442", "CloudAP, in the range of activation"],
  ["0xC004844F", "ntstatus", "error", 4, "0xC004844F", "CloudAP"],
  ["0xC0048450", "hresult", "error", 4, null, "beyond CloudAP"],
  ["0xC00D1163", "hresult", "error", 13, null, "media"],
  ["0xC00E0003", "hresult", "error", 14, null, "queues"],
  ["0xC00CEE4F", "hresult", "error", 12, null, "XML"],
  ["0xC1900101", "hresult", "error", 400, null, "Windows Setup"],
  ["0xC1800118", "hresult", "error", 384, null, "Windows Setup"],
  ["0xC0C01680", "hresult", "error", 192, null, "BizTalk"],
  ["0xCAA30193", "entra", "error", 675, null, "the token broker"],
  ["0xCAA82EE7", "entra", "error", 680, null, "the token broker"],
];

test.each(rows)(
  "%s is %s, %s, facility %i, holds %s: %s",
  (code, family, severity, facility, inner) => {
    expect(decode(Hresult.parse(code))).toEqual({
      family,
      severity,
      customer: false,
      facility,
      win32: typeof inner === "number" ? inner : null,
      ntstatus: typeof inner === "string" ? inner : null,
      entra: family === "entra" ? expect.anything() : null,
    });
  },
);

const brokers: [code: string, source: string, number: number | null][] = [
  ["0xCAA10001", "library", null],
  ["0xCAA20003", "server", null],
  ["0xCAA30193", "http", 403],
  ["0xCAA301F7", "http", 503],
  ["0xCAA50021", "system", null],
  ["0xCAA60002", "json", null],
  ["0xCAA70004", "url", null],
  ["0xCAA82EE7", "network", 12_007],
  ["0xCAA90018", "protocol", null],
  ["0xCAAB0001", "unknown", null],
];

test.each(brokers)("%s came from the %s, and holds %s", (code, source, number) => {
  expect(decode(Hresult.parse(code)).entra).toEqual({ source, number });
});

const customers: [code: string, family: Family, customer: boolean, why: string][] = [
  ["0xA0090029", "hresult", true, "the customer bit"],
  ["0xE0434352", "ntstatus", true, "the exception of .NET"],
  ["0xF0000001", "ntstatus_in_hresult", true, "with bit 28"],
  ["0xB0000001", "ntstatus_in_hresult", true, "a warning with bit 28"],
  ["0x80090029", "hresult", false, "Windows"],
  ["0xCAA30193", "entra", false, "the same bit means nothing here"],
];

test.each(customers)("%s is %s, made by another program: %s: %s", (code, family, customer) => {
  expect(decode(Hresult.parse(code))).toMatchObject({ family, customer });
});

const numbers: [value: number, code: string, why: string][] = [
  [-2_147_024_891, "0x80070005", "signed"],
  [2_147_942_405, "0x80070005", "unsigned"],
  [-2_147_483_648, "0x80000000", "the smallest"],
  [-1, "0xFFFFFFFF", "the largest"],
  [0x801c044d, "0x801C044D", "upper case"],
];

test.each(numbers)("%i is spelt %s: %s", (value, code) => {
  expect(toHresult(value)).toBe(code);
  expect(toNumber(toHresult(value))).toBe(value >>> 0);
});

test.each([0, 5, 0x7fffffff])("%i is a success, and no code", (value) => {
  expect(() => toHresult(value)).toThrow("bit 31 set");
});

test.each([
  "0x8009002",
  "0x800900290",
  "80090029",
  "0X80090029",
  "0x801c03ed",
  "0x8009002G",
  "0x00000005",
  "",
])("%j is not the one spelling of a code", (text) => {
  expect(Hresult.safeParse(text).success).toBe(false);
});

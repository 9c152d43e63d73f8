import * as z from "zod/mini";
import { Hresult, toHresult, toNumber } from "./hresult.ts";

/** The number scheme of a code. */
const Family = z.enum([
  /** An HRESULT of its own facility. */
  "hresult",
  /** A Win32 error number inside an HRESULT: 0x8007.... */
  "win32",
  "ntstatus",
  /** An NTSTATUS with bit 28 set: 0xD....... and 0x9....... */
  "ntstatus_in_hresult",
  /** The token broker of Microsoft Entra ID: 0xCAA...... It follows no public layout. */
  "entra",
]);
export type Family = z.infer<typeof Family>;

/**
 * The origin of an error of the token broker, by the digit after `0xCAA`.
 *
 * @see https://learn.microsoft.com/uwp/api/windows.security.authentication.web.core.webprovidererror.errorcode
 */
const ENTRA_SOURCES = [
  "unknown",
  "library",
  "server",
  "http",
  "unknown",
  "system",
  "json",
  "url",
  "network",
  "protocol",
] as const;

/** The fields of a code. */
export const Decoded = z.object({
  family: Family,
  /** HRESULTs are always errors; NTSTATUS has warnings, too. */
  severity: z.enum(["error", "warning"]),
  /** The customer bit: defined by a vendor other than Microsoft. */
  customer: z.boolean(),
  facility: z.int(),
  /** The Win32 error inside the code; null when there is none. */
  win32: z.nullable(z.int()),
  /** The NTSTATUS inside, or the code itself; null when there is none. */
  ntstatus: z.nullable(Hresult),
  /** For the token broker: the origin, and the HTTP status or network error inside; else null. */
  entra: z.nullable(z.object({ source: z.enum(ENTRA_SOURCES), number: z.nullable(z.int()) })),
});
export type Decoded = Readonly<z.infer<typeof Decoded>>;

/** HRESULTs that begin with C: activation, media, queues, XML, Setup, BizTalk. */
const HRESULT_WITH_C = /^0xC(?:00[4DE]|00CEE|0C0|1[89]0)/;
/** NTSTATUS values of the Entra sign-in package, within the range of activation. */
const CLOUD_AP = /^0xC004844/;

const NT_BIT = 0x10000000;

/**
 * Reads the fields of a code.
 *
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/0642cb2f-2075-4469-918c-4441e69c548a
 */
export function decode(code: Hresult): Decoded {
  const value = toNumber(code);
  const family = familyOf(code);
  const isStatus = family === "ntstatus" || family === "ntstatus_in_hresult";
  const facility = (value >>> 16) & (isStatus ? 0xfff : 0x7ff);
  return {
    family,
    severity: isStatus && ((value >>> 30) & 3) === 2 ? "warning" : "error",
    customer: family !== "entra" && (value & 0x20000000) !== 0,
    facility,
    win32: family === "win32" ? value & 0xffff : null,
    ntstatus: statusOf(code, family),
    entra: family === "entra" ? entraOf(value) : null,
  };
}

function familyOf(code: Hresult): Family {
  if (code.startsWith("0xCAA")) return "entra";
  if (code.startsWith("0x8007")) return "win32";
  if (/^0x[9DBF]/.test(code)) return "ntstatus_in_hresult";
  if (CLOUD_AP.test(code)) return "ntstatus";
  if (/^0x[CE]/.test(code) && !HRESULT_WITH_C.test(code)) return "ntstatus";
  return "hresult";
}

function entraOf(value: number) {
  const source = ENTRA_SOURCES[(value >>> 16) & 0xf] ?? "unknown";
  const hasNumber = source === "http" || source === "network";
  return { source, number: hasNumber ? value & 0xffff : null };
}

function statusOf(code: Hresult, family: Family) {
  if (family === "ntstatus") return code;
  return family === "ntstatus_in_hresult" ? toHresult((toNumber(code) & ~NT_BIT) >>> 0) : null;
}

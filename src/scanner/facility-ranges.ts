/** The numbers that a facility really uses. */
export interface FacilityRange {
  readonly name: string;
  /** The public header or document that lists them. */
  readonly source: string;
  /** Upper 16 bits, `to` included. */
  readonly upper: readonly [from: number, to: number];
  /** Lower 16 bits, `to` included. */
  readonly lower: readonly [from: number, to: number];
  /** Even without `0x`, a number in this range is almost certainly a code. */
  readonly isDistinctive?: true;
}

const ALL = [0, 0xffff] as const;
/** Most facilities number their codes from 1 and use few; memory addresses are spread evenly. */
const LOW = [0, 0x0fff] as const;

const WINERROR = "winerror.h";
const NTSTATUS = "ntstatus.h";

function range(
  name: string,
  source: string,
  [from, to = from]: readonly [number, number?],
  lower: FacilityRange["lower"],
): FacilityRange {
  return { name, source, upper: [from, to], lower };
}

function distinctive(
  name: string,
  source: string,
  [from, to = from]: readonly [number, number?],
  lower: FacilityRange["lower"],
): FacilityRange {
  return { name, source, upper: [from, to], lower, isDistinctive: true };
}

/**
 * The facilities of HRESULT and NTSTATUS in public headers and documents, with the range of their
 * codes.
 *
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/0642cb2f-2075-4469-918c-4441e69c548a
 */
export const FACILITY_RANGES: readonly FacilityRange[] = [
  range("bounds and states, E_BOUNDS", WINERROR, [0x8000], [0, 0x40]),
  range("warnings of the kernel", NTSTATUS, [0x8000], [0x0280, 0x0303]),
  range("warnings of the cluster service", NTSTATUS, [0x8000], [0x0800, 0x0810]),
  range("general failures, E_FAIL", WINERROR, [0x8000], [0x4000, 0x40ff]),
  range("directory services, E_ADS_", "adserr.h", [0x8000], [0x5000, 0x50ff]),
  range(".NET host", "dotnet/runtime error_codes.h", [0x8000], [0x8080, 0x80ff]),
  range("E_UNEXPECTED", WINERROR, [0x8000], [0xffff, 0xffff]),
  range("RPC", WINERROR, [0x8001], [0, 0x01ff]),
  range("RPC_E_UNEXPECTED", WINERROR, [0x8001], [0xffff, 0xffff]),
  range("dispatch", WINERROR, [0x8002], [0, 0x9fff]),
  range("structured storage", WINERROR, [0x8003], [0, 0x04ff]),
  range("interface, FACILITY_ITF", WINERROR, [0x8004], ALL),
  distinctive("OneDrive", "OneDrive: error codes", [0x8004], [0xde00, 0xdeff]),
  // A Win32 error number is below 16,000.
  distinctive("Win32", WINERROR, [0x8007], [1, 0x3fff]),
  range("Windows, FACILITY_WINDOWS", WINERROR, [0x8008], LOW),
  distinctive("security, NTE_ and SEC_E_", WINERROR, [0x8009], [0, 0x9fff]),
  range("controls and scripts", WINERROR, [0x800a], [0, 0x9fff]),
  range("certificates to COM+", WINERROR, [0x800b, 0x8012], LOW),
  distinctive("device set-up and servicing", "setupapi.h, cbs.h", [0x800f], LOW),
  range("INF files", "setupapi.h", [0x800f], [0x1000, 0x1fff]),
  distinctive(".NET", "corerror.h", [0x8013], [0, 0x3fff]),
  range("other facilities of HRESULT", WINERROR, [0x8014, 0x80ff], LOW),
  distinctive("MDM enrolment", "mdmregistration.h", [0x8018], LOW),
  distinctive("device registration", "Microsoft Entra: hybrid join errors", [0x801c], LOW),
  distinctive("Windows Update", "wuerror.h", [0x8024], ALL),
  range("desktop composition", WINERROR, [0x8026], [0x3000, 0x3fff]),
  range("TPM", WINERROR, [0x8028], [0x4000, 0x8fff]),
  distinctive("Windows Store", WINERROR, [0x803f], [0x6000, 0x9fff]),
  range("Microsoft Defender", WINERROR, [0x8050], [0x8000, 0x8fff]),
  distinctive("Delivery Optimization", "deliveryoptimizationerrors.h", [0x80d0], [0x1000, 0x5fff]),
  range("Azure File Sync", "Azure: File Sync errors", [0x80c8], ALL),
  distinctive("Intune client", "Intune: app installation errors", [0x80cf], ALL),
  range("Windows Backup", "wsbapp.h", [0x8100], [0, 0x01ff]),
  range("Autopilot", "Windows Autopilot: device preparation", [0x8103], [0x6000, 0x9fff]),
  range("federated sign-in", "Microsoft Entra: hybrid join errors", [0x8375], LOW),
  range("SQL Server set-up", "SQL Server: set-up errors", [0x8400, 0x85ff], ALL),
  distinctive(
    "Configuration Manager, Intune and Store",
    "Configuration Manager: log messages",
    [0x87a0, 0x87ff],
    ALL,
  ),
  range("Direct3D, audio and imaging", WINERROR, [0x8860, 0x88ff], ALL),
  range("Xbox app", "Xbox: error codes", [0x8923], ALL),
  distinctive("winget", "winget: return codes", [0x8a15], ALL),
  range("NTSTATUS warnings as HRESULT", NTSTATUS, [0x9000], LOW),
  range("camera", "mferror.h", [0xa00f], [0x4000, 0x4fff]),
  range("NTSTATUS", NTSTATUS, [0xc000], [1, 0x0cff]),
  range("NTSTATUS of transport security", NTSTATUS, [0xc000], [0xa000, 0xa1ff]),
  range("facilities of NTSTATUS", NTSTATUS, [0xc001, 0xc05f], LOW),
  distinctive("activation", "slerror.h", [0xc004], ALL),
  range("XML, media and queues", "wc_e.h, nserror.h, mq.h", [0xc00c, 0xc00e], ALL),
  range("Integration Services", "dtsmsg.h", [0xc020], ALL),
  range("BizTalk", "BizTalk Server: errors", [0xc0c0], ALL),
  range("security and licences", NTSTATUS, [0xc0e7, 0xc0ec], LOW),
  range("Windows Setup, media", "Windows: upgrade error codes", [0xc180, 0xc184], ALL),
  distinctive("Windows Setup", "Windows: upgrade error codes", [0xc190], ALL),
  range("Windows Setup, dynamic update", "Windows: upgrade error codes", [0xc1a0, 0xc1ff], ALL),
  distinctive(
    "Microsoft Entra ID",
    "Windows.Security.Authentication.Web.Core.WebProviderError",
    [0xcaa1, 0xcaaf],
    ALL,
  ),
  range("NTSTATUS as HRESULT", NTSTATUS, [0xd000, 0xd05f], LOW),
  range("device set-up, customer bit", "setupapi.h", [0xe000, 0xe001], LOW),
  range(".NET exception", "dotnet/runtime: EXCEPTION_COMPLUS", [0xe043], ALL),
  range("C++ exception", "ehdata.h", [0xe06d], ALL),
];

/** Codes that HP printers show. No Windows component reports them. */
export const PRINTER_RANGES: readonly FacilityRange[] = [
  range("HP: ink system", "HP: ink system failure", [0xc19a], ALL),
  range("HP: ink supply", "HP: ink system failure", [0xc18a], ALL),
  range("HP: print head", "HP: print head error", [0xc05d], [0x0080, 0xffff]),
  range("HP: carriage and scanner", "HP: printer failure", [0xc4e0, 0xc6ff], ALL),
];

/** Looks up the ranges of a number by its upper 16 bits. */
export interface RangeIndex {
  /** Whether the number lies in a range. */
  has(value: number): boolean;
  /** Whether its facility is known, even if the number lies outside its range. */
  hasFacility(value: number): boolean;
  /** Whether it lies in a distinctive range. */
  isDistinctive(value: number): boolean;
}

export function createRangeIndex(ranges: readonly FacilityRange[]): RangeIndex {
  const byUpper = new Map<number, FacilityRange[]>();
  for (const each of ranges) {
    for (let upper = each.upper[0]; upper <= each.upper[1]; upper++) {
      byUpper.set(upper, [...(byUpper.get(upper) ?? []), each]);
    }
  }
  const rangesOf = (value: number) =>
    (byUpper.get(value >>> 16) ?? []).filter(
      ({ lower: [from, to] }) => (value & 0xffff) >= from && (value & 0xffff) <= to,
    );
  return {
    has: (value) => rangesOf(value).length > 0,
    hasFacility(value) {
      const upper = value >>> 16;
      if (upper === 0x8000) return rangesOf(value).length > 0;
      return (upper > 0x8000 && upper < 0x8100) || byUpper.has(upper);
    },
    isDistinctive: (value) => rangesOf(value).some((each) => each.isDistinctive),
  };
}

/** Values that fill unused memory or mark the end of a range, in eight hex digits. */
const FILL_PATTERN =
  /^(?:(..)\1{3}|DEAD....|BAAD....|BAD.....|8BADF00D|FEED....|CAFE....|C00010FF|F00D....|8000000[01]|C0000000)$/;

export function isFillPattern(value: number): boolean {
  return FILL_PATTERN.test(value.toString(16).toUpperCase());
}

/**
 * Whether the lower 16 bits are zero. OPC UA numbers its errors so; Windows hardly ever does. The
 * exception is 0x80070000, "success" as a Win32 error, which programs do show as an error.
 */
export function endsInZeros(value: number): boolean {
  return (value & 0xffff) === 0 && value >>> 16 !== 0x8007;
}

/**
 * Whether it is an error of IOKit, the driver framework of macOS. The numbers below and between
 * the two ranges belong to device set-up in Windows.
 *
 * @see https://developer.apple.com/documentation/kernel/kioreturnerror
 */
export function isIoKitError(value: number): boolean {
  const rest = value - 0xe0000000;
  return (rest >= 0x2bc && rest <= 0x2ff) || (rest >= 0x4000 && rest <= 0xffff);
}

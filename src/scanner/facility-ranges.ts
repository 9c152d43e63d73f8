/** Upper halves of codes, and the lower halves which programs really report under them. */
type Range = readonly [from: number, to: number, ...lower: readonly (readonly [number, number])[]];

const ALL = [0, 0xffff] as const;
/** Most facilities count from 1 and have not come far; addresses in memory are spread evenly. */
const FEW = [0, 0x0fff] as const;

/**
 * The facilities of HRESULT and NTSTATUS in public headers and documentation, and how far their
 * codes reach.
 *
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/0642cb2f-2075-4469-918c-4441e69c548a
 */
const RANGES: readonly Range[] = [
  // E_BOUNDS and its neighbours, warnings of NTSTATUS, E_FAIL and its neighbours, directory services
  [0x8000, 0x8000, [0, 0x40], [0x0280, 0x0303], [0x0800, 0x0810], [0x4000, 0x40ff]],
  // Directory services, the .NET host, E_UNEXPECTED
  [0x8000, 0x8000, [0x5000, 0x50ff], [0x8080, 0x80ff], [0xffff, 0xffff]],
  [0x8001, 0x8001, [0, 0x01ff], [0xffff, 0xffff]],
  [0x8002, 0x8002, [0, 0x9fff]],
  [0x8003, 0x8003, [0, 0x04ff]],
  [0x8004, 0x8004, ALL],
  // A Win32 error number is below 16,000
  [0x8007, 0x8007, [1, 0x3fff]],
  [0x8008, 0x8008, FEW],
  [0x8009, 0x800a, [0, 0x9fff]],
  [0x800b, 0x8012, FEW],
  [0x800f, 0x800f, [0x1000, 0x1fff]],
  // .NET
  [0x8013, 0x8013, [0, 0x3fff]],
  [0x8014, 0x80ff, FEW],
  // Windows Update, graphics, TPM, Store, Defender, Delivery Optimization
  [0x8024, 0x8024, ALL],
  [0x8026, 0x8026, [0x3000, 0x3fff]],
  [0x8028, 0x8028, [0x4000, 0x8fff]],
  [0x803f, 0x803f, [0x6000, 0x9fff]],
  [0x8050, 0x8050, [0x8000, 0x8fff]],
  [0x80d0, 0x80d0, [0x1000, 0x5fff]],
  // Azure File Sync, the older Intune client
  [0x80c8, 0x80c8, ALL],
  [0x80cf, 0x80cf, ALL],
  // Windows Backup
  [0x8100, 0x8100, [0, 0x01ff]],
  // Autopilot
  [0x8103, 0x8103, [0x6000, 0x9fff]],
  // Sign-in to Microsoft Entra ID through federation
  [0x8375, 0x8375, FEW],
  // Store, Configuration Manager, Intune
  [0x87a0, 0x87ff, ALL],
  // Direct3D, audio, imaging
  [0x8860, 0x88ff, ALL],
  // The package manager
  [0x8a15, 0x8a15, ALL],
  [0x9000, 0x9000, FEW],
  // The camera
  [0xa00f, 0xa00f, [0x4000, 0x4fff]],
  [0xc000, 0xc000, [1, 0x0cff], [0xa000, 0xa1ff]],
  [0xc001, 0xc05f, FEW],
  // Activation, XML, media, queues, licensing, BizTalk
  [0xc004, 0xc004, ALL],
  [0xc00c, 0xc00e, ALL],
  [0xc0e7, 0xc0ec, FEW],
  [0xc0c0, 0xc0c0, ALL],
  // Integration Services
  [0xc020, 0xc020, ALL],
  // Windows Setup
  [0xc180, 0xc1ff, ALL],
  // Microsoft Entra ID
  [0xcaa1, 0xcaaf, ALL],
  // NTSTATUS in an HRESULT
  [0xd000, 0xd05f, FEW],
  // Setup of devices, .NET and C++ exceptions
  [0xe000, 0xe001, FEW],
  [0xe043, 0xe043, ALL],
  [0xe06d, 0xe06d, ALL],
];

/** Lower halves by upper half, so that a look-up is one step. */
const LOWER = new Map<number, (readonly [number, number])[]>();
for (const [from, to, ...lower] of RANGES) {
  for (let half = from; half <= to; half++) {
    LOWER.set(half, [...(LOWER.get(half) ?? []), ...lower]);
  }
}

/** Words and patterns which programmers leave in memory. */
const FILLING =
  /^(?:(..)\1{3}|DEAD....|BAAD....|BAD.....|8BADF00D|FEED....|CAFE....|C00010FF|F00D....|8000000[01]|C0000000)$/;

/** Whether a number lies where programs report failures. */
export function isPlausible(value: number): boolean {
  const lower = value & 0xffff;
  return LOWER.get(value >>> 16)?.some(([from, to]) => lower >= from && lower <= to) ?? false;
}

/** The same, when a word already says that it is an error: then only its facility counts. */
export function hasKnownFacility(value: number): boolean {
  const upper = value >>> 16;
  if (upper === 0x8000) return isPlausible(value);
  return (upper > 0x8000 && upper < 0x8100) || LOWER.has(upper);
}

/**
 * Whether it ends in zeros, as numbers of OPC UA do, and codes of Windows hardly ever: what begins
 * with 0x8007 says that nothing failed, and is shown as an error all the same.
 */
export function isRound(value: number): boolean {
  return (value & 0xffff) === 0 && value >>> 16 !== 0x8007;
}

/** Whether a number is one that fills memory or marks the end of a range, in eight hex digits. */
export function isFilling(digits: string): boolean {
  return FILLING.test(digits);
}

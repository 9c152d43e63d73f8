/** A block of Win32 errors that one part of Windows uses. */
export interface Win32Range {
  readonly name: string;
  /** The public header that lists them. */
  readonly source: string;
  /** The first number; `to` is the last one. */
  readonly from: number;
  readonly to: number;
  /** The words that must stand near such a number: any word for error, or words of that part. */
  readonly beside: "error" | "installer" | "service" | "vpn" | "directory";
}

export const WIN32_RANGES: readonly Win32Range[] = [
  { name: "VPN and RAS", source: "raserror.h", from: 600, to: 999, beside: "vpn" },
  { name: "service control", source: "winerror.h", from: 1050, to: 1079, beside: "service" },
  { name: "network and logon", source: "winerror.h", from: 1200, to: 1999, beside: "vpn" },
  { name: "Windows Installer", source: "winerror.h", from: 1601, to: 1654, beside: "installer" },
  { name: "directory service", source: "winerror.h", from: 8200, to: 8999, beside: "directory" },
  { name: "DNS and replication", source: "winerror.h", from: 9001, to: 9999, beside: "directory" },
  { name: "sockets: arguments", source: "winerror.h", from: 10004, to: 10024, beside: "error" },
  { name: "sockets: connections", source: "winerror.h", from: 10035, to: 10071, beside: "error" },
  { name: "sockets: network", source: "winerror.h", from: 10091, to: 10112, beside: "error" },
  { name: "sockets: hosts and QoS", source: "winerror.h", from: 11001, to: 11031, beside: "error" },
  { name: "WinINet and WinHTTP", source: "wininet.h", from: 12001, to: 12186, beside: "error" },
  { name: "IPsec and IKE", source: "winerror.h", from: 13801, to: 13999, beside: "error" },
];

/** Whether a number lies in a range that needs such words near it. */
export function isInWin32Range(
  value: number,
  beside: Win32Range["beside"],
  ranges: readonly Win32Range[] = WIN32_RANGES,
): boolean {
  return ranges.some((each) => each.beside === beside && value >= each.from && value <= each.to);
}

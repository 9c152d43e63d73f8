import type { Decoded, EntraSource } from "../../hresult/decode.ts";
import type { Messages } from "../messages.ts";

export const en: Messages = {
  failed: (title) => `${title}: failed with a known error code`,
  succeeded: (title) => `${title}: succeeded, a restart is due`,
  onlyUnlisted: "Windows error code without an entry in the catalog",
  why: "What failed and why",
  meaning: "What it means",
  doFirst: "Do this first, one step at a time: try again after each, stop when it works",
  doThen: "If the error comes back",
  doThis: "Do this",
  whomToCall: "Whom to call",
  oneOf: "one of these causes",
  namedFor: (codes) => `the step for ${codes}`,
  onlyFor: (codes) => `For ${codes}`,
  unlisted: "not in the catalog.",
  contactMicrosoft: (codes) =>
    `Contact Microsoft Support: no mitigation is known for ${codes}. Name the code, and say what was tried.`,
  contactMicrosoftThen: (codes) =>
    `If the error remains, contact Microsoft Support: no mitigation is known for ${codes}. Name the code, and say what was tried.`,
  handOver:
    "If the error remains, pass the ticket to whoever administers the devices and Microsoft Entra ID, with the code.",
  succeededOnly: "Nobody: this code reports a success.",
  more: (count) => (count === 1 ? "and 1 more code" : `and ${count} more codes`),
  cut: (length) =>
    `The ticket is very long; only its first ${length.toLocaleString("en")} characters were searched for codes.`,
  shortened: "Shortened: the ticket system takes no longer comment.",
  source: "Source",
  catalogVersion: (version) => `Catalog ${version}`,
  decoded: describe,
  comma: ", ",
  sentenceGap: " ",
  colon: ": ",
  inFile: (name) => ` (in ${name})`,
};

const ENTRA: Readonly<Record<EntraSource, string>> = {
  library: "raised by its own library",
  server: "an answer of the sign-in server",
  http: "the server answered with HTTP status",
  system: "raised by the system",
  json: "an answer that is no proper JSON",
  url: "an address that could not be reached",
  network: "Win32 network error",
  protocol: "the exchange with the sign-in server went wrong",
  unknown: "from an unknown part of it",
};

function describe(
  { family, severity, facility, win32, ntstatus, customer, entra }: Decoded,
  facilityName: string | null,
) {
  const maker = customer ? " It was defined by a program other than Windows." : "";
  const told = [ENTRA[entra?.source ?? "unknown"], entra?.number ?? ""].join(" ").trim();
  const number = `number ${facility}`;
  const place = facilityName ? `facility ${facilityName} (${number})` : `facility ${number}`;
  switch (family) {
    case "win32":
      return `The number says: Win32 error ${win32} in an HRESULT.${maker}`;
    case "ntstatus":
      return `The number says: NTSTATUS ${severity}, ${place}.${maker}`;
    case "ntstatus_in_hresult":
      return `The number says: NTSTATUS ${severity} \`${ntstatus}\` in an HRESULT, ${place}.${maker}`;
    case "entra":
      return `The number says: error of the Microsoft Entra ID sign-in component, ${told}.`;
    case "hresult":
      return `The number says: HRESULT ${severity}, ${place}.${maker}`;
  }
}

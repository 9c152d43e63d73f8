import { decode, type Family } from "../hresult/decode.ts";
import type { Told } from "./whom-to-call.ts";

/** The tag of a ticket for which Microsoft must be contacted. */
export const CONTACT_MICROSOFT = "contact-microsoft";

const OF_FAMILY: Readonly<Record<Family, string>> = {
  hresult: "error-hresult",
  win32: "error-win32",
  ntstatus: "error-ntstatus",
  ntstatus_in_hresult: "error-ntstatus",
  entra: "error-entra",
};

/** What a helpdesk can filter by: each family of codes once, and whether Microsoft is to be called. */
export function tagsOf(known: readonly Told[]): string[] {
  const families = known.map(({ code }) => OF_FAMILY[decode(code).family]);
  return [
    ...new Set([
      ...families,
      ...(known.some((each) => each.contactMicrosoft) ? [CONTACT_MICROSOFT] : []),
    ]),
  ];
}

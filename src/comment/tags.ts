import type { Advice } from "../catalog/look-up.ts";
import { decode, type Family } from "../hresult/decode.ts";

/** The tag of a ticket that needs Microsoft. */
export const CONTACT_MICROSOFT = "contact-microsoft";

const OF_FAMILY: Readonly<Record<Family, string>> = {
  hresult: "error-hresult",
  win32: "error-win32",
  ntstatus: "error-ntstatus",
  ntstatus_in_hresult: "error-ntstatus",
  entra: "error-entra",
};

/** Tags for filters of a helpdesk: each family of codes once, and whether to contact Microsoft. */
export function tagsOf(advice: readonly Advice[]): string[] {
  const families = advice.map(({ code }) => OF_FAMILY[decode(code).family]);
  const contact = advice.some((each) => each.contactMicrosoft) ? [CONTACT_MICROSOFT] : [];
  return [...new Set([...families, ...contact])];
}

import * as z from "zod/mini";

/** The base address of a ticket system: https, or http on loopback. */
export const BaseUrl = z
  .url({ protocol: /^https?$/, error: "an address that begins with https://" })
  .check(
    z.refine((text) => isSafe(text), { error: "https, or http on loopback only, and no password" }),
  );

/**
 * An address that may contain `{id}` for the ticket id: in its path or query, never in its host.
 */
export const AddressTemplate = BaseUrl.check(
  z.refine((text) => /^[^/]+\/\/[^/?#{]+(?:[/?][^#]*)?$/.test(text), {
    error: "an address, with {id} in its path or query only",
  }),
);

/** An address that must contain `{id}`. */
export const TicketAddress = AddressTemplate.check(
  z.refine((text) => text.includes("{id}"), { error: "an address with {id} in its path or query" }),
);

/** Whether an address is https, or http on loopback, and contains no password. */
export function isSafe(text: string) {
  const url = URL.parse(text.replaceAll("{id}", "0"));
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? "");
  if (url === null || url.username || url.password) return false;
  return url.protocol === "https:" || loopback;
}

/** Replaces `{id}` in an address with a checked ticket id. */
export function fillAddress(template: string, ticketId: string): URL {
  return new URL(template.replaceAll("{id}", encodeURIComponent(ticketId)));
}

/**
 * The root of an API: the base address, or a path below it. Ends with a slash unless `path` does
 * not.
 */
export function rootOf(base: string, path = ""): URL {
  return new URL(path, base.replace(/\/*$/, "/"));
}

/** A token that can stand in a header. */
export const Token = z.string().check(z.regex(/^[\x21-\x7e]+$/, "a token, without blanks"));

const OnOff = z.enum(["on", "off"], "on or off");
const isOn = z.transform((text: z.infer<typeof OnOff>) => text === "on");

/** A header for all requests, as `name: value`. */
export const Header = z.pipe(
  z
    .string()
    .check(
      z.regex(/^[\w-]+:\s*[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, "a header, as name: value"),
    ),
  z.transform((text): Readonly<Record<string, string>> => {
    const at = text.indexOf(":");
    return { [text.slice(0, at).toLowerCase()]: text.slice(at + 1).trim() };
  }),
);

/** A switch that is on unless it is switched off. */
export const OnByDefault = z.pipe(z._default(OnOff, "on"), isOn);
/** A switch that is off unless it is switched on. */
export const OffByDefault = z.pipe(z._default(OnOff, "off"), isOn);

/**
 * Requires that one of several groups of variables is complete. Otherwise names the missing
 * variable of a started group, or all groups.
 *
 * @example settings.check(requireOneOf(["ACME_TOKEN"], ["ACME_CLIENT_ID", "ACME_CLIENT_SECRET"]))
 */
export function requireOneOf(...groups: readonly (readonly string[])[]) {
  return z.check<Readonly<Record<string, unknown>>>(({ value, issues }) => {
    const all = groups.map((group) => ({ group, left: group.filter((name) => !value[name]) }));
    if (all.some(({ left }) => left.length === 0)) return;
    const started = all.find(({ group, left }) => left.length < group.length);
    const path = started?.left.slice(0, 1) ?? groups[0]?.slice(0, 1) ?? [];
    const message = started ? "missing" : `missing${alternatives(groups)}`;
    issues.push({ code: "custom", path, message, input: "" });
  });
}

/** The text after the first variable: ", with B, or C with D". */
function alternatives([first = [], ...others]: readonly (readonly string[])[]) {
  const also = first.slice(1).map((name) => `, with ${name}`);
  return [...also, ...others.map((group) => `, or ${group.join(" with ")}`)].join("");
}

/** The value of the header `authorization` for HTTP Basic authentication. */
export function basicLogin(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

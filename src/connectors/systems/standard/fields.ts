import * as z from "zod/mini";
import type { TicketContent } from "../../connector.ts";
import { isOurs } from "../../read-ticket.ts";

/** Where a value stands in JSON: names or places in lists, with full stops between them. */
export const FieldPath = z
  .string()
  .check(z.regex(/^[^.\s,]+(?:\.[^.\s,]+)*$/, "a field, such as ticket_id or request.id"));

export const FieldPaths = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text) => text.split(",").map((each) => each.trim())),
  ),
  z.array(FieldPath),
);

/** The value at a path; undefined when there is none. */
export function valueAt(json: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, name) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    return Reflect.get(value, name);
  }, json);
}

const Named = z.union([z.object({ type: z.string() }), z.object({ event: z.string() })]);

/** What a payload says of itself. One that says nothing is believed to be a new ticket. */
export function kindOf(payload: unknown): "created" | "follow-up" | "other" {
  const { data } = Named.safeParse(payload);
  const name = data === undefined ? "ticket.created" : "type" in data ? data.type : data.event;
  if (name === "ticket.created") return "created";
  return name === "ticket.replied" ? "follow-up" : "other";
}

/**
 * The texts of a ticket in a JSON of whatever form.
 *
 * @param paths Where they stand; all texts there are when it is left out.
 */
export function contentOfFields(
  json: unknown,
  paths: readonly string[] | undefined,
): TicketContent {
  const values = paths ? paths.map((path) => valueAt(json, path)) : [json];
  const texts = values.flatMap(textsIn).filter((text) => !isOurs(text));
  const [html = [], plain = []] = [texts.filter(isHtml), texts.filter((text) => !isHtml(text))];
  return {
    subject: null,
    format: "text",
    messages: [
      { text: plain.join("\n\n"), format: "text" },
      { text: html.join("\n"), format: "html" },
    ],
  };
}

/** Every text somewhere in a value, however deep. */
function textsIn(json: unknown): string[] {
  const texts: string[] = [];
  const left = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") texts.push(value);
    if (typeof value === "object" && value !== null) left.push(...Object.values(value).reverse());
  }
  return texts;
}

function isHtml(text: string) {
  return /<\/[a-z][^<>]*>|<br\s*\/?>/i.test(text);
}

import * as z from "zod/mini";
import type { Posting } from "../../connector.ts";
import { writeComment } from "../../write-comment.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const Json: z.ZodMiniType<Json> = z.json();

/** The JSON of a comment, with placeholders. At least one stands for its text, such as `{html}`. */
export const BodyTemplate = z.pipe(
  z.string(),
  z.transform((text, { issues }): Json => {
    try {
      const body = Json.parse(JSON.parse(text));
      if (/\{(?:text|markdown|html)\}/.test(text)) return body;
    } catch {
      // Told below.
    }
    issues.push({
      code: "custom",
      input: "",
      message: "JSON in which {text}, {markdown} or {html} stands for the comment",
    });
    return z.NEVER;
  }),
);

/**
 * Puts a comment into a template.
 *
 * A text that is nothing but `{internal}`, `{public}` or `{contactMicrosoft}` becomes true or false;
 * other placeholders are filled in where they stand. No part of a comment can leave the text in which it stands.
 */
export function fillBody(template: Json, posting: Posting): Json {
  const { ticketId, comment, visibility, marker } = posting;
  const write = (markup: "text" | "markdown" | "html") =>
    writeComment(posting, { markup, marker: "last-line" });
  const flags: Readonly<Record<string, boolean>> = {
    "{internal}": visibility === "internal",
    "{public}": visibility === "public",
    "{contactMicrosoft}": comment.contactMicrosoft,
  };
  const values: Readonly<Record<string, () => string>> = {
    id: () => ticketId,
    text: () => write("text"),
    markdown: () => write("markdown"),
    html: () => write("html"),
    marker: () => marker,
    locale: () => comment.locale,
    codes: () => comment.codes.join(" "),
  };
  const fill = (value: Json): Json => {
    if (typeof value === "string") {
      return (
        flags[value] ?? value.replace(/\{(\w+)\}/g, (all, name: string) => values[name]?.() ?? all)
      );
    }
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) return value.map(fill);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each)]));
  };
  return fill(template);
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

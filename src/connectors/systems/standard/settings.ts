import * as z from "zod/mini";
import { StandardSecrets, TextSecrets } from "../../../webhook/secrets.ts";
import { AddressTemplate, Header, requireOneOf, TicketAddress } from "../../client/settings.ts";
import { FieldPath, FieldPaths } from "./fields.ts";
import { BodyTemplate } from "./template.ts";

export const Settings = z
  .object({
    STANDARD_SECRETS: z.optional(StandardSecrets),
    STANDARD_TOKENS: z.optional(TextSecrets),
    STANDARD_COMMENT_URL: AddressTemplate,
    STANDARD_COMMENT_METHOD: z._default(
      z.enum(["POST", "PUT", "PATCH"], "POST, PUT or PATCH"),
      "POST",
    ),
    STANDARD_COMMENT_BODY: z.optional(BodyTemplate),
    STANDARD_TICKET_URL: z.optional(TicketAddress),
    STANDARD_HEADER: z.optional(Header),
    STANDARD_ID_FIELD: z.optional(FieldPath),
    STANDARD_TEXT_FIELDS: z.optional(FieldPaths),
  })
  .check(
    requireOneOf(["STANDARD_SECRETS"], ["STANDARD_TOKENS"]),
    z.refine(namesTicket, {
      path: ["STANDARD_COMMENT_URL"],
      error: "an address with {id} in its path or query",
    }),
  );

interface Target {
  readonly STANDARD_TOKENS?: unknown;
  readonly STANDARD_COMMENT_URL: string;
  readonly STANDARD_COMMENT_BODY?: unknown;
}

/** Whether a comment says in some place which ticket it is for. The body of our contract does. */
function namesTicket(env: Target) {
  const { STANDARD_TOKENS: tokens, STANDARD_COMMENT_URL: url, STANDARD_COMMENT_BODY: body } = env;
  if (url.includes("{id}")) return true;
  return tokens !== undefined && (body === undefined || JSON.stringify(body).includes("{id}"));
}

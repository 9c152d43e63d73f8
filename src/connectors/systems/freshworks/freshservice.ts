import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { BaseUrl, OnByDefault, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { accessTo, connectFreshworks, FACTS } from "./freshworks.ts";

/** Freshservice. It cannot sign: a workflow sends a token in a header. */
export const freshservice = defineConnector({
  ...FACTS,
  name: "freshservice",
  settings: z.object({
    FRESHSERVICE_URL: BaseUrl,
    FRESHSERVICE_TOKEN: Token,
    FRESHSERVICE_SECRETS: TextSecrets,
    FRESHSERVICE_TAGS: OnByDefault,
  }),
  access: ({ FRESHSERVICE_URL, FRESHSERVICE_TOKEN }) =>
    accessTo(FRESHSERVICE_URL, FRESHSERVICE_TOKEN),
  ticketPage: ({ FRESHSERVICE_URL }, id) => rootOf(FRESHSERVICE_URL, `a/tickets/${id}`),
  connect: ({ settings, api }) =>
    connectFreshworks(api, {
      secrets: settings.FRESHSERVICE_SECRETS,
      setsTags: settings.FRESHSERVICE_TAGS,
      // The types of tickets, in workspaces of IT and of business teams. Problems and changes have ids
      // of their own, so theirs are not taken for a ticket's.
      namedAs: /^(?:#?(?:INC|SR|CASE|QUERY|ISSUE|REQ)-)?(\d+)$/,
      tagsQuery: "?include=tags",
      wrap: (name, schema) => {
        const Wrapped = z.object({ [name]: z.unknown() });
        const unwrap = z.transform((answer: z.infer<typeof Wrapped>) => answer[name]);
        return z.pipe(z.pipe(Wrapped, unwrap), schema);
      },
    }),
});

import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { BaseUrl, OnByDefault, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { accessTo, connectFreshworks, FACTS } from "./freshworks.ts";

/** Freshdesk. It cannot sign: an automation rule sends a token in a header. */
export const freshdesk = defineConnector({
  ...FACTS,
  name: "freshdesk",
  settings: z.object({
    FRESHDESK_URL: BaseUrl,
    FRESHDESK_TOKEN: Token,
    FRESHDESK_SECRETS: TextSecrets,
    FRESHDESK_TAGS: OnByDefault,
  }),
  access: ({ FRESHDESK_URL, FRESHDESK_TOKEN }) => accessTo(FRESHDESK_URL, FRESHDESK_TOKEN),
  ticketPage: ({ FRESHDESK_URL }, id) => rootOf(FRESHDESK_URL, `a/tickets/${id}`),
  connect: ({ settings, api }) =>
    connectFreshworks(api, {
      secrets: settings.FRESHDESK_SECRETS,
      setsTags: settings.FRESHDESK_TAGS,
      namedAs: /^(\d+)$/,
      tagsQuery: "",
      wrap: (_, schema) => schema,
    }),
});

import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { BaseUrl, Switch, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { freshworks, toSettings } from "./freshworks.ts";

/** Freshdesk. It cannot sign: an automation rule sends a token in a header. */
export const freshdesk = defineConnector(
  freshworks({
    name: "freshdesk",
    settings: z.pipe(
      z.object({
        FRESHDESK_URL: BaseUrl,
        FRESHDESK_TOKEN: Token,
        FRESHDESK_SECRETS: TextSecrets,
        FRESHDESK_TAGS: Switch,
      }),
      z.transform((env) =>
        toSettings(
          env.FRESHDESK_URL,
          env.FRESHDESK_TOKEN,
          env.FRESHDESK_SECRETS,
          env.FRESHDESK_TAGS,
        ),
      ),
    ),
    namedAs: /^(\d+)$/,
    tagsQuery: "",
    wrap: (_, schema) => schema,
  }),
);

import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { BaseUrl, Switch, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { freshworks, toSettings } from "./freshworks.ts";

/** Freshservice. It cannot sign: a workflow sends a token in a header. */
export const freshservice = defineConnector(
  freshworks({
    name: "freshservice",
    settings: z.pipe(
      z.object({
        FRESHSERVICE_URL: BaseUrl,
        FRESHSERVICE_TOKEN: Token,
        FRESHSERVICE_SECRETS: TextSecrets,
        FRESHSERVICE_TAGS: Switch,
      }),
      z.transform((env) =>
        toSettings(
          env.FRESHSERVICE_URL,
          env.FRESHSERVICE_TOKEN,
          env.FRESHSERVICE_SECRETS,
          env.FRESHSERVICE_TAGS,
        ),
      ),
    ),
    // Problems and changes have ids of their own, so theirs are not taken for a ticket's.
    namedAs: /^(?:#?(?:INC|SR)-)?(\d+)$/,
    tagsQuery: "?include=tags",
    wrap: (name, schema) =>
      z.pipe(
        z.pipe(
          z.object({ [name]: z.unknown() }),
          z.transform((answer) => answer[name]),
        ),
        schema,
      ),
  }),
);

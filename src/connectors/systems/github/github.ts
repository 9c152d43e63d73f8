import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { faultUnless } from "../../client/set-up.ts";
import { BaseUrl, OnByDefault, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { createAppTokens, PrivateKey } from "./app.ts";
import { parse, payloadIn } from "./deliveries.ts";
import { Comment, Comments, contentOf, Issue, Label } from "./issue.ts";

const App = z.object({ permissions: z.record(z.string(), z.string()) });

/** Issues of GitHub, which has no internal notes. */
export const github = defineConnector({
  name: "github",
  settings: z
    .object({
      GITHUB_URL: z._default(BaseUrl, "https://api.github.com"),
      GITHUB_TOKEN: z.optional(Token),
      GITHUB_APP_ID: z.optional(z.string().check(z.regex(/^\w{1,40}$/, "the id of a GitHub App"))),
      GITHUB_PRIVATE_KEY: z.optional(PrivateKey),
      GITHUB_SECRETS: TextSecrets,
      GITHUB_TAGS: OnByDefault,
    })
    .check(requireOneOf(["GITHUB_TOKEN"], ["GITHUB_APP_ID", "GITHUB_PRIVATE_KEY"])),
  // Owner, repository and number, in lower case: GitHub ignores case in names. No name has a tilde.
  ticketId: /^[a-z0-9][a-z0-9_-]{0,99}~(?!\.{1,2}~)[a-z0-9._-]{1,100}~[1-9]\d{0,9}$/,
  ticketPage: ({ GITHUB_URL }, id) => pageOf(GITHUB_URL, id),
  comment: { markup: "markdown", maxLength: 65_536, marker: "html-comment-last", internal: false },
  deliversText: true,
  ping: { headers: { "x-github-event": "ping" }, body: { zen: "Keep it logically awesome." } },
  access({ GITHUB_URL, GITHUB_TOKEN: token, GITHUB_APP_ID: id, GITHUB_PRIVATE_KEY: key }, http) {
    const root = rootOf(GITHUB_URL);
    // GitHub refuses a request that names no user agent.
    const headers = { "user-agent": "hresult-comments" };
    if (!id || !key) return { root, headers: { ...headers, authorization: `Bearer ${token}` } };
    return { root, headers, token: createAppTokens(http, { root, headers }, { id, key }) };
  },

  connect: ({ settings, api }) => ({
    proof: hubSignature("x-hub-signature-256", settings.GITHUB_SECRETS),

    payloadIn: (body, { headers }) => payloadIn(body, headers),
    parse: (payload, { headers }) => parse(payload, headers),

    async readTicket(ticketId) {
      const [issue, comments] = await Promise.all([
        api.get(issuePath(ticketId), Issue),
        api.get(`${issuePath(ticketId)}/comments?per_page=20`, Comments),
      ]);
      return contentOf(issue, comments);
    },

    async setLabels({ ticketId, comment: { tags: labels } }, isEdit) {
      // An empty list would remove every label.
      if (!settings.GITHUB_TAGS || labels.length === 0) return;
      const path = `${issuePath(ticketId)}/labels`;
      const set = await api.change("POST", path, { labels }, z.array(Label));
      const isStale =
        !labels.includes(CONTACT_MICROSOFT) && set.some(({ name }) => name === CONTACT_MICROSOFT);
      if (isEdit && isStale) await api.send("DELETE", `${path}/${CONTACT_MICROSOFT}`);
    },

    postComment: ({ ticketId, text }) =>
      api.change("POST", `${issuePath(ticketId)}/comments`, { body: text }, Comment),

    editComment: ({ ticketId, text }, id) =>
      api.change("PATCH", `${issuePath(ticketId)}/../comments/${id}`, { body: text }, Comment),

    async findComment(ticketId, marker) {
      const { comments } = await api.get(issuePath(ticketId), Issue);
      // The oldest come first; ours is among the newest: on the last page, or the one before it.
      const last = Math.ceil((comments + 1) / 100);
      const read = [last, last - 1].filter(Boolean).map((page) => {
        return api.get(`${issuePath(ticketId)}/comments?per_page=100&page=${page}`, Comments);
      });
      return (await Promise.all(read)).flat().find(({ body }) => body?.includes(marker));
    },

    async check() {
      if (settings.GITHUB_APP_ID && settings.GITHUB_PRIVATE_KEY) {
        const { permissions } = await api.get("app", App);
        const mayWrite = permissions.issues === "write";
        return faultUnless(mayWrite, "The app lacks the permission Issues: read and write.");
      }
      const { headers } = await api.probe("user");
      // Only a classic token tells its scopes.
      const scopes = headers.get("x-oauth-scopes") ?? "repo";
      return faultUnless(
        /(?:^|\s)(?:public_)?repo(?:,|$)/.test(scopes),
        "GITHUB_TOKEN lacks scope repo",
      );
    },
  }),
});

/** `api.github.com` belongs to `github.com`; GitHub Enterprise Server has its API under `/api/v3`. */
function pageOf(apiUrl: string, ticketId: string): URL {
  const base = apiUrl.replace("//api.", "//").replace(/\/api\/v3\/?$/, "");
  return rootOf(base, ticketId.replace("~", "/").replace("~", "/issues/"));
}

function issuePath(ticketId: string) {
  return `repos/${ticketId.replace("~", "/").replace("~", "/issues/")}`;
}

import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { Failure, toFailure } from "../../failure.ts";
import { answerChallenge, glpiWebhook } from "../../webhook/glpi-webhook.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { denied, OTHER_EYES, refused } from "../client/failures.ts";
import { type Http, readJson } from "../client/http.ts";
import { openApi } from "../client/rest.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { isOurs, type Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

const Settings = z.pipe(
  z.object({
    GLPI_URL: BaseUrl,
    GLPI_CLIENT_ID: Token,
    GLPI_CLIENT_SECRET: Token,
    GLPI_USERNAME: z.string(),
    GLPI_PASSWORD: z.string(),
    GLPI_SECRETS: TextSecrets,
  }),
  // The variables of the login are called as the fields of its form.
  z.transform(({ GLPI_URL, GLPI_SECRETS, ...login }) => ({
    root: rootOf(GLPI_URL, "api.php/"),
    secrets: GLPI_SECRETS,
    login: Object.entries(login).map(([name, value]) => [name.slice(5).toLowerCase(), value]),
  })),
);

const Id = z.object({ id: z.int() });
const Text = z.nullish(z.string());
const Any = z.optional(z.unknown());
const Delivered = z.object({ event: z.string(), item: z.extend(Id, { type: Any, urgency: Any }) });
const Ticket = z.object({ name: Text, content: Text, is_deleted: Any, status: z.nullish(Id) });
const Followup = z.extend(Id, { content: Text, is_private: Any });
const UNSURE = { unsure: true };
const Timeline = z.array(z.object({ item: Followup }));

/** GLPI 11, by its high-level API. Takes HTML; the requester does not see a private followup. */
export const glpi = defineConnector({
  name: "glpi",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}$/,
  internalNotes: true,
  proof: ({ secrets }) => glpiWebhook(secrets),
  challenge: ({ secrets }, query) => answerChallenge(secrets, query.get("crc_token") ?? ""),
  ping: { body: { event: "update", item: { id: 1 } } },

  parse(payload) {
    const { event, item } = Delivered.parse(payload);
    if (event !== "new") return { ignored: "another event" };
    // Nothing names the kind of an item, but only a ticket has both.
    if (!item.type || !item.urgency) return { ignored: "no ticket" };
    return { ticketId: String(item.id), deliveryId: null, ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const api = await signIn(http, settings);
    const path = `Assistance/Ticket/${ticketId}`;
    const { name, content, is_deleted } = await api.get(path, Ticket);
    if (is_deleted) throw refused("the ticket is deleted");
    const timeline = await api.get(`${path}/Timeline/Followup`, Timeline);
    timeline.sort((a, b) => a.item.id - b.item.id);
    const texts = timeline.map(({ item }) => item.content ?? "").filter((text) => !isOurs(text));
    const body = [content, ...texts.slice(0, 20)].join("\n");
    return { subject: name ?? "", body, format: "html", locale: null };
  },

  async postComment(http, settings, posting) {
    const api = await signIn(http, settings);
    const path = `Assistance/Ticket/${posting.ticketId}`;
    const note = { content: toHtml(posting), is_private: posting.visibility === "internal" };
    try {
      return String(readJson(await api.send("POST", `${path}/Timeline/Followup`, note), Id).id);
    } catch (error) {
      const { code, answered } = toFailure(error);
      // Behind nginx, older versions answer as if a followup that is there now had moved.
      if (answered === 302) throw new Failure("ticket_system_unavailable", "moved", UNSURE);
      const { status } = code === "ticket_system_denied" ? await api.get(path, Ticket) : {};
      throw status?.id === 6 ? refused("the ticket is closed") : error;
    }
  },

  async findComment(http, settings, ticketId, marker) {
    const path = `Assistance/Ticket/${ticketId}/Timeline/Followup`;
    const timeline = await (await signIn(http, settings)).get(path, Timeline);
    return timeline.find(({ item }) => item.content?.includes(marker))?.item.id.toString();
  },

  async editComment(http, settings, posting, commentId) {
    const api = await signIn(http, settings);
    const path = `Assistance/Ticket/${posting.ticketId}/Timeline/Followup/${commentId}`;
    // What is gone cannot be told from what is forbidden by a change, but by a look.
    const { is_private } = await api.get(path, Followup);
    if (Boolean(is_private) === (posting.visibility === "public")) throw refused(OTHER_EYES);
    readJson(await api.send("PATCH", path, { content: toHtml(posting) }), Id);
  },

  async check(http, settings) {
    const api = await signIn(http, settings);
    const { length } = await api.get("Assistance/Ticket?limit=1", z.array(Id));
    return length > 0 ? [] : ["The user sees no ticket."];
  },
});

/** A comment of HTML may be taken out, so the marker is there to be seen. */
const toHtml = ({ comment, marker }: Posting) => `${format(comment, "html")}\n<p>${marker}</p>`;

/** Opens the API with a token of its own: for this one, GLPI takes a password only. */
async function signIn(http: Http, { root, login }: z.infer<typeof Settings>) {
  const body = new URLSearchParams([...login, ["grant_type", "password"], ["scope", "api"]]);
  const init = { method: "POST", headers: { accept: "application/json" }, body };
  const answer = await http(new URL("token", root), init).catch((error) => {
    if (toFailure(error).answered !== 400) throw error;
    throw denied("the login is wrong, or its grant not allowed");
  });
  const { access_token } = readJson(answer, z.object({ access_token: Token }));
  const headers = { authorization: `Bearer ${access_token}`, accept: "application/json" };
  return openApi(http, { root: new URL("v2/", root), headers });
}

import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { sharedToken } from "../../webhook/shared-token.ts";
import { readAttachments } from "../client/attachments.ts";
import { type Http, readJson } from "../client/http.ts";
import { type Access, openApi } from "../client/rest.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { isOurs, type Poll, type Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

const ProjectKey = z.string().check(z.regex(/^[A-Z0-9_]{1,50}$/, "a project's key, such as HELP"));
const Settings = z.pipe(
  z.object({
    BACKLOG_URL: BaseUrl,
    BACKLOG_API_KEY: Token,
    BACKLOG_SECRETS: TextSecrets,
    BACKLOG_PROJECT: z.optional(ProjectKey),
  }),
  z.transform((env) => ({
    root: rootOf(env.BACKLOG_URL, "api/v2/"),
    headers: { "backlog-api-key": env.BACKLOG_API_KEY, accept: "application/json" },
    secrets: env.BACKLOG_SECRETS,
    project: env.BACKLOG_PROJECT,
  })),
);

const Text = z.nullish(z.string());
const Id = z.object({ id: z.int() });
const Project = z.object({ projectKey: ProjectKey, textFormattingRule: Text });
const Created = z.extend(Id, { project: Project, content: z.object({ key_id: z.int() }) });
const Issue = z.object({
  summary: Text,
  description: Text,
  createdUser: z.nullish(z.object({ lang: Text })),
  attachments: z._default(z.array(z.extend(Id, { name: z.string(), size: z.number() })), []),
});
/** Without a text where only fields were changed. */
const Comments = z.array(z.extend(Id, { content: Text }));

/** Backlog of Nulab. It cannot sign, and whoever sees an issue sees all comments. */
export const backlog = defineConnector({
  name: "backlog",
  settings: Settings,
  ticketId: /^[A-Z0-9_]{1,50}-[1-9]\d{0,9}$/,
  internalNotes: false,
  proof: ({ secrets }) => sharedToken({ in: "query", name: "token" }, secrets),
  ping: { body: { type: 3 } },

  parse(payload) {
    if (z.object({ type: z.int() }).parse(payload).type !== 1) return { ignored: "another event" };
    const event = Created.parse(payload);
    return { ticketId: keyOf(event), deliveryId: String(event.id), ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    // One after the other, as Nulab asks for.
    const api = openApi(http, settings);
    const path = `issues/${ticketId}`;
    const issue = await api.get(path, Issue);
    const comments = await api.get(`${path}/comments?count=100&order=asc`, Comments);
    const people = comments.filter(({ content }) => content && !isOurs(content)).slice(0, 20);
    const body = [issue.description, ...people.map((each) => each.content)].join("\n\n");
    const files = issue.attachments.map(({ id, name, size }) => {
      const url = new URL(`${path}/attachments/${id}`, settings.root);
      return { name, size, source: { url, headers: settings.headers } };
    });
    const more = files.length > 0 && { attachments: await readAttachments(http, files) };
    const locale = issue.createdUser?.lang ?? null;
    return { subject: issue.summary ?? "", body, format: "markdown", locale, ...more };
  },

  async findComment(http, settings, ticketId, marker) {
    const path = `issues/${ticketId}/comments?count=100&order=desc`;
    const newest = await openApi(http, settings).get(path, Comments);
    return newest.find(({ content }) => content?.includes(marker))?.id.toString();
  },

  postComment: (http, settings, posting) => write(http, settings, posting, "POST"),
  editComment: (http, settings, posting, commentId) =>
    write(http, settings, posting, "PATCH", `/${commentId}`).then(() => undefined),

  poll: ({ project, ...access }) => {
    if (project === undefined) return null;
    const look: Poll["look"] = async (http, position) => {
      const page = position === null ? "count=1" : `minId=${position}&count=100&order=asc`;
      const path = `projects/${project}/activities?activityTypeId[]=1&${page}`;
      const found = await openApi(http, access).get(path, z.array(Created));
      const newer = found.filter(({ id }) => position !== null && id > Number(position));
      const last = Math.max(Number(position), ...found.map(({ id }) => id));
      return { ticketIds: newer.map(keyOf), position: String(last), more: newer.length === 100 };
    };
    return { scope: `${access.root}${project}`, look };
  },

  async check(http, { project, ...access }) {
    const api = openApi(http, access);
    const { roleType } = await api.get("users/myself", z.object({ roleType: z.int() }));
    const keys = (await api.get("projects", z.array(Project))).map((each) => each.projectKey);
    return [
      // In spaces of either kind, these roles only read.
      ...([4, 6].includes(roleType) ? ["The user may read issues, but not comment."] : []),
      ...(keys.includes(project ?? keys[0] ?? "") ? [] : ["The user is no member of the project."]),
    ];
  },
});

const keyOf = ({ project, content }: z.infer<typeof Created>) =>
  `${project.projectKey}-${content.key_id}`;

/** In the project's markup, in which nothing can be hidden. 50,000 is what others found out. */
async function write(http: Http, access: Access, posting: Posting, method: string, which = "") {
  const project = `projects/${posting.ticketId.replace(/-\d+$/, "")}`;
  const { textFormattingRule } = await openApi(http, access).get(project, Project);
  const markup = textFormattingRule === "backlog" ? "backlog" : "markdown";
  const end = `\n\n${posting.marker}`;
  const content = format(posting.comment, markup, 50_000 - end.length) + end;
  const init = { method, headers: access.headers, body: new URLSearchParams({ content }) };
  const url = new URL(`issues/${posting.ticketId}/comments${which}`, access.root);
  return String(readJson(await http(url, init), Id).id);
}

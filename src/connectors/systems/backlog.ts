import * as z from "zod/mini";
import { TextSecrets } from "../../webhook/secrets.ts";
import { sharedToken } from "../../webhook/shared-token.ts";
import { Id, Text } from "../client/schemas.ts";
import { faultUnless } from "../client/set-up.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { defineConnector } from "../define-connector.ts";

const ProjectKey = z.string().check(z.regex(/^[A-Z0-9_]{1,50}$/, "a project's key, such as HELP"));
const Project = z.object({ projectKey: ProjectKey, textFormattingRule: Text });
const Content = z.object({ key_id: z.int() });
const Created = z.object({ id: z.int(), project: Project, content: Content });
const File = z.object({ id: z.int(), name: z.string(), size: z.number() });
const Issue = z.object({
  summary: Text,
  description: Text,
  createdUser: z.nullish(z.object({ lang: Text })),
  category: z.nullish(z.array(z.object({ name: z.string() }))),
  attachments: z._default(z.array(File), []),
});
const Comment = z.object({ id: Id });
/** `content` is null where only fields were changed. */
const Comments = z.array(z.extend(Comment, { content: Text }));
/** Viewer and guest viewer, who may not comment. */
const READING_ROLES = [4, 6];

/** Backlog of Nulab. It cannot sign deliveries, and it has no internal notes. */
export const backlog = defineConnector({
  name: "backlog",
  settings: z.object({
    BACKLOG_URL: BaseUrl,
    BACKLOG_API_KEY: Token,
    BACKLOG_SECRETS: TextSecrets,
    BACKLOG_PROJECT: z.optional(ProjectKey),
  }),
  ticketId: /^[A-Z0-9_]{1,50}-[1-9]\d{0,9}$/,
  ticketPage: ({ BACKLOG_URL }, key) => rootOf(BACKLOG_URL, `view/${key}`),
  // No limit is documented; others found 50,000.
  comment: { markup: "markdown", maxLength: 50_000, marker: "last-line", internal: false },
  ping: { body: { type: 3 } },
  access: (settings) => ({
    root: rootOf(settings.BACKLOG_URL, "api/v2/"),
    headers: { "backlog-api-key": settings.BACKLOG_API_KEY, accept: "application/json" },
  }),

  connect: ({ settings: { BACKLOG_URL: url, BACKLOG_PROJECT: project, ...settings }, api }) => ({
    proof: sharedToken({ in: "query", name: "token" }, settings.BACKLOG_SECRETS),

    parse(payload) {
      const { type } = z.object({ type: z.int() }).parse(payload);
      if (type !== 1) return { ignored: "another event" };
      const event = Created.parse(payload);
      return { ticketId: keyOf(event), deliveryId: String(event.id) };
    },

    async readTicket(key) {
      // One after the other, as Nulab asks for.
      const issue = await api.get(`issues/${key}`, Issue);
      const comments = await api.get(`issues/${key}/comments?count=100&order=asc`, Comments);
      return {
        subject: issue.summary,
        format: "markdown",
        messages: [issue.description, ...comments.map(({ content }) => content)],
        files: issue.attachments.map(({ id, ...file }) =>
          api.file(file, `issues/${key}/attachments/${id}`),
        ),
        locale: issue.createdUser?.lang,
        // The nearest that Backlog has to a tag.
        labels: issue.category?.map(({ name }) => name),
      };
    },

    /** The markup is a setting of the project. Neither of the two can hide the marker. */
    async formFor(key) {
      const rule = await api.get(`projects/${key.replace(/-\d+$/, "")}`, Project);
      return { markup: rule.textFormattingRule === "backlog" ? "backlog" : "markdown" };
    },

    postComment: ({ ticketId, text }) =>
      api.change("POST", `issues/${ticketId}/comments`, toForm(text), Comment),

    editComment: ({ ticketId, text }, id) =>
      api.change("PATCH", `issues/${ticketId}/comments/${id}`, toForm(text), Comment),

    async findComment(key, marker) {
      const newest = await api.get(`issues/${key}/comments?count=100&order=desc`, Comments);
      return newest.find(({ content }) => content?.includes(marker));
    },

    poll: project
      ? {
          scope: `${rootOf(url, "api/v2/")}${project}`,
          async look(position) {
            const page = position === null ? "count=1" : `minId=${position}&count=100&order=asc`;
            const path = `projects/${project}/activities?activityTypeId[]=1&${page}`;
            const found = await api.get(path, z.array(Created));
            const newer = found.filter(({ id }) => position !== null && id > Number(position));
            const last = Math.max(Number(position), ...found.map(({ id }) => id));
            return { ticketIds: newer.map(keyOf), position: `${last}`, more: newer.length === 100 };
          },
        }
      : undefined,

    async check() {
      const { roleType } = await api.get("users/myself", z.object({ roleType: z.int() }));
      const keys = (await api.get("projects", z.array(Project))).map((each) => each.projectKey);
      const isMember = keys.includes(project ?? keys[0] ?? "");
      const mayWrite = !READING_ROLES.includes(roleType);
      return [
        ...faultUnless(mayWrite, "The user may read issues, but not comment."),
        ...faultUnless(isMember, "The user is no member of the project."),
      ];
    },
  }),
});

const toForm = (content: string) => new URLSearchParams({ content });

const keyOf = ({ project, content }: z.infer<typeof Created>) =>
  `${project.projectKey}-${content.key_id}`;

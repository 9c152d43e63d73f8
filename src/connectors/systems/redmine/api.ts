import * as z from "zod/mini";
import type { Attachment } from "../../client/attachments.ts";
import { denied } from "../../client/failures.ts";
import type { Http } from "../../client/http.ts";
import { type Access, openApi } from "../../client/rest.ts";
import type { Polled, Visibility } from "../../connector.ts";

const Id = z.int().check(z.positive());
const Ref = z.object({ id: Id });
const Text = z.nullish(z.string());
const Note = z.object({ id: Id, notes: Text, private_notes: z._default(z.boolean(), false) });
const File = z.object({ id: Id, filename: z.string(), filesize: z.int() });
const Answered = z.object({
  issue: z.object({
    project: Ref,
    subject: Text,
    description: Text,
    journals: z._default(z.array(Note), []),
    attachments: z._default(z.array(File), []),
  }),
});
type Issue = z.infer<typeof Answered>["issue"];

const Issues = z.object({ issues: z.array(z.object({ id: Id, project: Ref })) });
const Membership = z.object({ project: Ref, roles: z.array(Ref) });
const Me = z.object({
  user: z.object({
    admin: z._default(z.boolean(), false),
    memberships: z._default(z.array(Membership), []),
  }),
});
const Role = z.object({ role: z.object({ permissions: z.array(z.string()) }) });

/** Redmine's REST interface, as far as we ask it. @see https://www.redmine.org/projects/redmine/wiki/Rest_api */
export function openRedmine(http: Http, access: Access) {
  const api = openApi(http, access);
  return {
    toFile: ({ id, filename, filesize }: z.infer<typeof File>): Attachment => ({
      name: filename,
      size: filesize,
      source: { url: new URL(`attachments/download/${id}`, access.root), headers: access.headers },
    }),

    async issue(id: string): Promise<Issue> {
      return (await api.get(`issues/${id}.json?include=journals,attachments`, Answered)).issue;
    },

    /** Adds a note, or sets fields. Redmine does not say what it calls the note. */
    change: (id: string, issue: object) => api.send("PUT", `issues/${id}.json`, { issue }),

    /** Gives a note other words; without any it is deleted. */
    writeNote: (id: string | number, notes: string) =>
      api.send("PUT", `journals/${id}.json`, { journal: { notes } }),

    /** Issues from this one on which are not older, at most 100, in the order of their ids. */
    async issuesFrom(id: number, since: Date) {
      const created = `${since.toISOString().slice(0, 19)}Z`;
      const query = `status_id=*&issue_id=%3E%3D${id}&created_on=%3E%3D${created}`;
      return (await api.get(`issues.json?${query}&sort=id&limit=${PAGE}`, Issues)).issues;
    },

    async newestIssue(): Promise<number> {
      const { issues } = await api.get("issues.json?status_id=*&sort=id:desc&limit=1", Issues);
      return issues[0]?.id ?? 0;
    },

    /** Whether the service user takes part in an issue's project, and can keep a note from others. */
    async rightsOn(id: string) {
      const { project } = await this.issue(id);
      const { admin, memberships } = await this.me();
      const own = memberships.find((each) => each.project.id === project.id);
      const mayHide = async () =>
        admin || (await this.permissions(own?.roles ?? [])).has("set_notes_private");
      return { isMember: own !== undefined, mayHide };
    },

    /** The service user, with its roles in each project. */
    async me() {
      return (await api.get("users/current.json?include=memberships", Me)).user;
    },

    async permissions(roles: readonly { id: number }[]): Promise<ReadonlySet<string>> {
      const all = roles.map(async ({ id }) => (await api.get(`roles/${id}.json`, Role)).role);
      return new Set((await Promise.all(all)).flatMap(({ permissions }) => permissions));
    },
  };
}

export type Redmine = ReturnType<typeof openRedmine>;

/** Ids are given before they are seen: a slow transaction may come behind this many others. */
const OVERLAP = 50;
const OVERLAP_MS = 86_400_000;
const PAGE = 100;

/** Looks for new issues in the projects of the service user. */
export async function look(redmine: Redmine, position: string | null): Promise<Polled> {
  const now = Date.now();
  // Fails for a wrong key, where a list of issues would only be empty.
  const { memberships } = await redmine.me();
  if (memberships.length === 0) throw denied(NO_MEMBER);
  if (position === null) {
    const newest = await redmine.newestIssue();
    return { ticketIds: [], position: `${newest}/${newest}/${now}`, more: false };
  }
  const [floor = 0, last = 0, lookedAt = 0] = position.split("/").map(Number);
  const since = new Date(lookedAt - OVERLAP_MS);
  const found = await redmine.issuesFrom(Math.max(floor, last - OVERLAP) + 1, since);
  const more = found.length === PAGE;
  const next = Math.max(last, ...found.map(({ id }) => id));
  // Public projects are listed as well.
  const own = found.filter(({ project }) =>
    memberships.some((each) => each.project.id === project.id),
  );
  return {
    ticketIds: own.map(({ id }) => String(id)),
    position: `${floor}/${next}/${more ? lookedAt : now}`,
    more,
  };
}

const NO_MEMBER = "the service user is a member of no project";
const RIGHTS = ["view_issues", "add_issue_notes", "edit_own_issue_notes"];
const RIGHTS_TO_HIDE = ["view_private_notes", "set_notes_private"];

/** What the service user may not do, project by project. */
export async function missingRights(redmine: Redmine, visibility: Visibility): Promise<string[]> {
  const { admin, memberships } = await redmine.me();
  if (memberships.length === 0) return [NO_MEMBER];
  if (admin) return [];
  const needed = visibility === "internal" ? [...RIGHTS, ...RIGHTS_TO_HIDE] : RIGHTS;
  const missing = memberships.map(async ({ project, roles }) => {
    const permissions = await redmine.permissions(roles);
    const lacking = needed.filter((right) => !permissions.has(right));
    return lacking.map((right) => `project ${project.id}: no ${right}`);
  });
  return (await Promise.all(missing)).flat();
}

import * as z from "zod/mini";
import { bearsVersion } from "../../../comment/locales/index.ts";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { toFailure } from "../../../failure.ts";
import { answerInvalid } from "../../client/failures.ts";
import { type Http, readJson } from "../../client/http.ts";
import { type Access, openApi } from "../../client/rest.ts";
import { unlessRefused } from "../../labels.ts";

const Text = z.nullish(z.string());
const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));
const User = z.object({ accountId: Text, key: Text });
const Comment = z.object({
  id: Id.check(z.regex(/^\d+$/)),
  body: Text,
  author: z.nullish(User),
});
const Comments = z.object({ comments: z.array(Comment) });
const File = z.object({ filename: z.string(), size: z.int(), content: z.string() });
const Issue = z.object({
  fields: z.object({
    summary: Text,
    description: Text,
    comment: z.nullish(Comments),
    attachment: z.nullish(z.array(File)),
  }),
});
const Posted = z.object({ id: Id.check(z.regex(/^\d+$/)), public: z.boolean() });
const Property = z.object({ value: z.object({ marker: z.string() }) });
const Right = z.object({ havePermission: z.boolean() });
const Rights = z.object({ permissions: z.record(z.string(), Right) });

/** A property of a comment, which people do not see. */
const PROPERTY = "hresult-comments";
const AGENT = "SERVICEDESK_AGENT";
const NEEDED = ["BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS"];

/** Jira's REST interfaces, as far as we ask them: the platform's, and the service desk's. */
export function openJira(http: Http, access: Access) {
  const api = openApi(http, access);
  const issuePath = (key: string) => `api/2/issue/${key}`;
  const deskPath = (key: string) => `servicedeskapi/request/${key}/comment`;
  const markPath = (id: string) => `api/2/comment/${id}/properties/${PROPERTY}`;

  async function myself(): Promise<string> {
    const name = nameOf(await api.get("api/2/myself", User));
    if (name !== null) return name;
    throw answerInvalid("a service user without a name");
  }

  /** Null when it has none. */
  async function markerOf(id: string): Promise<string | null> {
    try {
      return (await api.get(markPath(id), Property)).value.marker;
    } catch (error) {
      if (toFailure(error).ticketSystemStatus === 404) return null;
      throw error;
    }
  }

  return {
    /** With what others commented, oldest first. */
    async issue(key: string) {
      const path = `${issuePath(key)}?fields=summary,description,comment,attachment`;
      const { comment, ...fields } = (await api.get(path, Issue)).fields;
      const all = comment?.comments ?? [];
      const me = all.length > 0 ? await myself() : null;
      const others = all.filter(({ author }) => !author || nameOf(author) !== me);
      const texts = others.flatMap(({ body }) => (body ? readable(body) : []));
      return { ...fields, description: readable(fields.description ?? ""), comments: texts };
    },

    async post(key: string, body: string, isPublic: boolean) {
      return readJson(await api.send("POST", deskPath(key), { body, public: isPublic }), Posted);
    },

    async isPublic(key: string, id: string) {
      return (await api.get(`${deskPath(key)}/${id}`, Posted)).public;
    },

    write: (key: string, id: string, body: string) =>
      api.send("PUT", `${issuePath(key)}/comment/${id}`, { body }),

    remove: (key: string, id: string) =>
      api.send("DELETE", `${issuePath(key)}/comment/${id}`, undefined),

    mark: (id: string, marker: string) => api.send("PUT", markPath(id), { marker }),

    /** Adds these; a flag of ours that no longer holds is removed. */
    async setLabels(key: string, labels: readonly string[]) {
      const add = labels.map((label) => ({ add: label }));
      const update = {
        labels: labels.includes(CONTACT_MICROSOFT) ? add : [...add, { remove: CONTACT_MICROSOFT }],
      };
      // Jira refuses them where the field is not on the edit screen.
      const setting = api.send("PUT", issuePath(key), { update });
      await unlessRefused({ connector: "jira", id: key }, setting);
    },

    /**
     * The newest comment of ours with this marker, or whose marking was cut off: without one, and
     * in our words. What a person wrote with the same login is neither.
     */
    async findOwn(key: string, wanted: string) {
      const me = await myself();
      const newest = `${issuePath(key)}/comment?orderBy=-created&maxResults=100`;
      for (const { id, author, body } of (await api.get(newest, Comments)).comments) {
        if (!author || nameOf(author) !== me || !bearsVersion(body ?? "")) continue;
        const marker = await markerOf(id);
        if (marker === null || marker === wanted) return { id, marker };
      }
      return undefined;
    },

    /** Who is no agent comments for all to see. A Jira that does not know this right is believed. */
    async mayHide(key: string): Promise<boolean> {
      const path = `api/2/mypermissions?issueKey=${key}&permissions=${AGENT}`;
      const answer = await api.get(path, Rights).catch((error) => {
        if (toFailure(error).ticketSystemStatus === 400) return null;
        throw error;
      });
      return answer?.permissions[AGENT]?.havePermission ?? true;
    },

    async missingRights() {
      const path = `api/2/mypermissions?permissions=${NEEDED.join()}`;
      const { permissions } = await api.get(path, Rights);
      const missing = NEEDED.filter((right) => !permissions[right]?.havePermission);
      return missing.map((right) => `the service user has not the permission ${right}`);
    },
  };
}

export type Jira = ReturnType<typeof openJira>;

/** Jira escapes signs as Markdown does; its macros, which stand around words, are taken out. */
function readable(wiki: string) {
  return wiki.replace(MACRO, (macro) => (macro.startsWith("{color") ? "" : "\n"));
}

const MACRO = /\{(?:color|code|noformat|panel|quote)(?::[^{}\n]{0,200})?\}/g;

/** Cloud has account ids, Data Center has keys. */
function nameOf({ accountId, key }: z.infer<typeof User>): string | null {
  return accountId ?? key ?? null;
}

import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { denied, refused } from "../../client/failures.ts";
import { faultUnless } from "../../client/set-up.ts";
import type { SetUpFinding, Visibility } from "../../connector.ts";
import { Ref } from "./schemas.ts";

const Membership = z.object({ project: Ref, roles: z.array(Ref) });
const Me = z.object({
  user: z.object({
    admin: z._default(z.boolean(), false),
    memberships: z._default(z.array(Membership), []),
  }),
});
const Role = z.object({ role: z.object({ permissions: z.array(z.string()) }) });

export const NO_MEMBER = "the service user is a member of no project";
const RIGHTS = ["view_issues", "add_issue_notes", "edit_own_issue_notes"];
const RIGHTS_TO_HIDE = ["view_private_notes", "set_notes_private"];

/** The service user, with its roles in each project. */
export async function readMe(api: Api) {
  return (await api.get("users/current.json?include=memberships", Me)).user;
}

/**
 * Redmine silently makes a note public when the user lacks the right to hide it.
 *
 * @throws {Failure} When a note in this project would be public, or refused.
 */
export async function checkRights(api: Api, projectId: number, visibility: Visibility) {
  const { admin, memberships } = await readMe(api);
  const own = memberships.find((each) => each.project.id === projectId);
  if (own === undefined) throw refused("no member of this project");
  if (visibility === "public" || admin) return;
  const permissions = await readPermissions(api, own.roles);
  if (permissions.includes("set_notes_private")) return;
  throw denied("the service user may not set notes as private");
}

/** The rights that are missing in each project. */
export async function findMissingRights(api: Api, visibility: Visibility): Promise<SetUpFinding[]> {
  const { admin, memberships } = await readMe(api);
  const needed = visibility === "internal" ? [...RIGHTS, ...RIGHTS_TO_HIDE] : RIGHTS;
  const found = memberships.map(async ({ project, roles }) => {
    const permissions = admin ? needed : await readPermissions(api, roles);
    const missing = needed.filter((right) => !permissions.includes(right));
    return missing.flatMap((right) => faultUnless(false, `project ${project.id}: no ${right}`));
  });
  return [...faultUnless(found.length > 0, NO_MEMBER), ...(await Promise.all(found)).flat()];
}

async function readPermissions(api: Api, roles: readonly z.infer<typeof Ref>[]) {
  const all = roles.map(async ({ id }) => (await api.get(`roles/${id}.json`, Role)).role);
  return (await Promise.all(all)).flatMap(({ permissions }) => permissions);
}

import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { denied } from "../../client/failures.ts";
import type { Polled } from "../../connector.ts";
import { NO_MEMBER, readMe } from "./rights.ts";
import { NumericId, Ref } from "./schemas.ts";

const Issues = z.object({ issues: z.array(z.object({ id: NumericId, project: Ref })) });
/** Redmine assigns an id before the issue is committed: this many newer ones may be visible first. */
const OVERLAP = 50;
const OVERLAP_MS = 86_400_000;
const PAGE = 100;

/** Looks for new issues in the projects of the service user. */
export async function pollIssues(api: Api, position: string | null): Promise<Polled> {
  const now = Date.now();
  // Fails for a wrong key. A list of issues would only be empty.
  const { memberships } = await readMe(api);
  if (memberships.length === 0) throw denied(NO_MEMBER);
  if (position === null) {
    const { issues } = await api.get("issues.json?status_id=*&sort=id:desc&limit=1", Issues);
    const newest = issues[0]?.id ?? 0;
    return { ticketIds: [], position: `${newest}/${newest}/${now}`, more: false };
  }
  const [floor = 0, last = 0, lookedAt = 0] = position.split("/").map(Number);
  const since = `${new Date(lookedAt - OVERLAP_MS).toISOString().slice(0, 19)}Z`;
  const first = Math.max(floor, last - OVERLAP) + 1;
  const query = `status_id=*&issue_id=%3E%3D${first}&created_on=%3E%3D${since}`;
  const { issues } = await api.get(`issues.json?${query}&sort=id&limit=${PAGE}`, Issues);
  const more = issues.length === PAGE;
  const next = Math.max(last, ...issues.map(({ id }) => id));
  // Public projects are listed as well.
  const own = memberships.map(({ project }) => project.id);
  return {
    ticketIds: issues.filter(({ project }) => own.includes(project.id)).map(({ id }) => `${id}`),
    position: `${floor}/${next}/${more ? lookedAt : now}`,
    more,
  };
}

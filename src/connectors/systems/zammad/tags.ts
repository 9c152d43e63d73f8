import * as z from "zod/mini";
import { type Failure, toFailure } from "../../../failure.ts";
import type { Api } from "../../client/api.ts";
import { isRefusal, refused } from "../../client/failures.ts";

const Owned = z.object({ customer_id: z.int() });
const Tags = z.object({ tags: z.nullish(z.array(z.string())) });

/** None where Zammad refuses to tell them, as to a user who is no agent. */
export async function readTags(api: Api, ticketId: string) {
  try {
    return (await api.get(`tags?object=Ticket&o_id=${ticketId}`, Tags)).tags;
  } catch (error) {
    const failure = toFailure(error);
    if (isRefusal(failure) || failure.code === "ticket_system_denied") return [];
    throw error;
  }
}

/**
 * Leaves out tags that Zammad refuses, as where agents may not create new ones.
 *
 * @throws {Failure} A refusal at the end, when one was left out.
 */
export async function addTags(api: Api, ticketId: string, tags: readonly string[]) {
  let refusal: Failure | null = null;
  for (const item of tags) {
    const tag = { item, object: "Ticket", o_id: Number(ticketId) };
    try {
      await api.send("POST", "tags/add", tag);
    } catch (error) {
      refusal = toFailure(error);
      if (refusal.code === "ticket_system_denied") await requireAgent(api, ticketId);
      else if (!isRefusal(refusal)) throw error;
    }
  }
  if (refusal) throw refused(refusal.message);
}

/** Fails unless the service user is an agent: notes of other users are always public. */
async function requireAgent(api: Api, ticketId: string) {
  const { customer_id } = await api.get(`tickets/${ticketId}`, Owned);
  // Only agents may read the history of a user, in every version.
  await api.get(`users/history/${customer_id}`, z.unknown());
}

import { type Failure, toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { isRefusal } from "./client/failures.ts";

/** The ticket that gets a label, a tag or a field. Without them its comment is still posted. */
interface LabelledTicket {
  readonly connector: string;
  readonly id: string;
}

/** Waits for labels to be set. If the ticket system refuses them, that is only logged. */
export async function unlessRefused(
  ticket: LabelledTicket,
  setting: Promise<unknown>,
): Promise<void> {
  try {
    await setting;
  } catch (error) {
    const failure = toFailure(error);
    // A ticket that is not found counts as a refusal too: then the comment fails as well.
    if (!isRefusal(failure)) throw error;
    logLeftOut(ticket, failure);
  }
}

/**
 * Sends a comment and its labels in one request. If that is refused, sends the comment again
 * without the labels; if that succeeds, logs that they were left out.
 *
 * @param labels The fields that set the labels; an empty object for none.
 */
export async function withoutLabelsIfRefused<T>(
  ticket: LabelledTicket,
  labels: object,
  send: (labels: object) => Promise<T>,
): Promise<T> {
  try {
    return await send(labels);
  } catch (error) {
    const failure = toFailure(error);
    const hasLabels = Object.keys(labels).length > 0;
    if (failure.code !== "ticket_system_refused" || !hasLabels) throw error;
    const sent = await send({});
    logLeftOut(ticket, failure);
    return sent;
  }
}

function logLeftOut({ connector, id }: LabelledTicket, failure: Failure) {
  const { code, message: detail } = failure;
  log({ event: "labels_skipped", connector, ticketId: id, code, detail });
}

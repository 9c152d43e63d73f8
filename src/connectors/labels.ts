import { type Failure, toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { isRefusal } from "./client/failures.ts";

/** The ticket that gets a label, a tag or a field. Its comment matters more than they do. */
interface LabelledTicket {
  readonly connector: string;
  readonly id: string;
}

/** Waits for labels to be set. When the ticket system refuses them, they are left out, and logged. */
export async function unlessRefused(
  ticket: LabelledTicket,
  setting: Promise<unknown>,
): Promise<void> {
  try {
    await setting;
  } catch (error) {
    const failure = toFailure(error);
    // Whether the ticket itself is not found shows by the comment.
    if (!isRefusal(failure)) throw error;
    logLeftOut(ticket, failure);
  }
}

/**
 * Sends a comment and its labels in one request. When that is refused, it is sent once more without
 * the labels; they are logged as left out if that was why.
 *
 * @param labels The fields that set them; none where nothing is to be set.
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

import { type Failure, toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { isRefusal } from "./client/failures.ts";

/** The ticket that gets a label, a tag or a field. The comment counts for more than they do. */
export interface LabelledTicket {
  readonly connector: string;
  readonly id: string;
}

/** Waits for a label to be set. One that is refused is left out, and logged. */
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
 * Sends a comment and its label in one request. Where that is refused, it is sent once more without
 * the label, and logged if that was why.
 *
 * @param label The fields that set it; none where no label is to be set.
 */
export async function orWithoutLabel<T>(
  ticket: LabelledTicket,
  label: object,
  send: (label: object) => Promise<T>,
): Promise<T> {
  try {
    return await send(label);
  } catch (error) {
    const failure = toFailure(error);
    const hasLabel = Object.keys(label).length > 0;
    if (failure.code !== "ticket_system_refused" || !hasLabel) throw error;
    const sent = await send({});
    logLeftOut(ticket, failure);
    return sent;
  }
}

/** Says in the log that a label was left out. */
export function logLeftOut({ connector, id }: LabelledTicket, failure: Failure): void {
  const { code, message: detail } = failure;
  log({ event: "labels_skipped", connector, ticketId: id, code, detail });
}

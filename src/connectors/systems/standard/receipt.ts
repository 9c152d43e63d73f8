import * as z from "zod/mini";
import { answerInvalid } from "../../client/failures.ts";
import { type Answer, isPage } from "../../client/http.ts";

/** An id longer than any ticket system has is no id. */
const Receipt = z.object({ id: z.union([z.string().check(z.maxLength(255)), z.number()]) });

/**
 * The id of a comment, if the receiver told one: most answer little or nothing.
 *
 * @throws {Failure} `ticket_system_answer_invalid` for a page for people, which is no receiver.
 */
export function readCommentId(answer: Answer): string | null {
  const { text } = answer;
  if (isPage(answer) || /^\s*</.test(text)) {
    throw answerInvalid("the answer is a page, no receipt");
  }
  try {
    return String(Receipt.parse(JSON.parse(text)).id);
  } catch {
    return null;
  }
}

import { format } from "../../../comment/format.ts";
import type { Posting } from "../../connector.ts";

/** A comment as our contract has it. */
export function toBody({ ticketId, comment, visibility, at }: Posting) {
  const { locale, codes, contactMicrosoft } = comment;
  return {
    type: "ticket.comment",
    timestamp: at.toISOString(),
    data: {
      ticketId,
      visibility,
      locale,
      codes,
      contactMicrosoft,
      comment: {
        text: format(comment, "text"),
        markdown: format(comment, "markdown"),
        html: format(comment, "html"),
      },
    },
  };
}

import { format } from "../../../comment/format.ts";
import { answerInvalid, denied, OTHER_EYES, refused } from "../../client/failures.ts";
import type { Posting } from "../../connector.ts";
import { unlessRefused } from "../../labels.ts";
import type { Redmine } from "./api.ts";

/** How notes are written. */
interface Style {
  readonly REDMINE_MARKUP: "textile" | "markdown";
  /** The id of the field of the contact-Microsoft flag. */
  readonly REDMINE_FLAG_FIELD?: string | undefined;
}

/** MySQL cuts more than 65,535 bytes off. */
const MAX_LENGTH = 20_000;
const EXPOSED = "the service user may not set notes as private";

/** Adds a note. Redmine makes it public when the right is missing, and says nothing. */
export async function postNote(desk: Redmine, posting: Posting, style: Style): Promise<string> {
  const { ticketId, marker } = posting;
  const isPrivate = posting.visibility === "internal";
  const { isMember, mayHide } = await desk.rightsOn(ticketId);
  if (!isMember) throw refused("no member of this project");
  if (isPrivate && !(await mayHide())) throw denied(EXPOSED);
  await setFlag(desk, posting, style);
  await desk.change(ticketId, { notes: write(posting, style), private_notes: isPrivate });
  const made = (await desk.issue(ticketId)).journals.find((each) => each.notes?.includes(marker));
  if (made === undefined) throw answerInvalid("no note was added");
  if (made.private_notes === isPrivate) return String(made.id);
  await desk.writeNote(made.id, "");
  throw denied(EXPOSED);
}

/** Gives a note new words, unless somebody showed it to others, or deleted it. */
export async function editNote(desk: Redmine, posting: Posting, noteId: string, style: Style) {
  const { journals } = await desk.issue(posting.ticketId);
  const note = journals.find((each) => String(each.id) === noteId);
  if (note?.private_notes !== (posting.visibility === "internal")) {
    throw refused(OTHER_EYES);
  }
  await setFlag(desk, posting, style);
  await desk.writeNote(noteId, write(posting, style));
}

/** The marker stands where neither markup shows it. */
function write({ comment, marker }: Posting, { REDMINE_MARKUP: markup }: Style) {
  const hidden = markup === "textile" ? `<!-- ${marker} -->` : `[//]: # (${marker})`;
  return `${format(comment, markup, MAX_LENGTH)}\n\n${hidden}`;
}

async function setFlag(desk: Redmine, { ticketId, comment }: Posting, style: Style) {
  if (!style.REDMINE_FLAG_FIELD) return;
  const value = comment.contactMicrosoft ? "yes" : "no";
  const field = { id: Number(style.REDMINE_FLAG_FIELD), value };
  // As where another field of the issue must be filled first.
  const setting = desk.change(ticketId, { custom_fields: [field] });
  await unlessRefused({ connector: "redmine", id: ticketId }, setting);
}

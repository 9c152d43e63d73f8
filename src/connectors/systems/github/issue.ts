import * as z from "zod/mini";
import { Id, Text } from "../../client/schemas.ts";
import type { TicketContent } from "../../connector.ts";

export const Label = z.object({ name: z.string() });
export const Issue = z.object({
  title: z.string(),
  body: Text,
  comments: z.int(),
  labels: z.nullish(z.array(Label)),
});
export const Comment = z.object({ id: Id });
const User = z.nullish(z.object({ type: Text }));
export const Comments = z.array(z.extend(Comment, { body: Text, user: User }));

/** An issue with its comments, without those of programs. */
export function contentOf(
  { title, body, labels }: z.infer<typeof Issue>,
  comments: z.infer<typeof Comments>,
): TicketContent {
  const people = comments.filter(({ user }) => user?.type !== "Bot");
  return {
    subject: title,
    format: "markdown",
    messages: [body, ...people.map((each) => each.body)],
    labels: labels?.map(({ name }) => name),
  };
}

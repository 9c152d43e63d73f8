import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { PASTED, pictureAddresses } from "../../client/inline-pictures.ts";
import { Id, Text } from "../../client/schemas.ts";
import type { Message } from "../../connector.ts";

const File = z.object({
  file_name: z.string(),
  size: z.nullish(z.int()),
  content_url: Text,
});
const Comment = z.object({
  id: Id,
  body: Text,
  html_body: Text,
  attachments: z.nullish(z.array(File)),
});
type Comment = z.infer<typeof Comment>;
export const Comments = z.object({ comments: z.array(Comment) });

export function textOf({ html_body, body }: Comment): string {
  return html_body ?? body ?? "";
}

/** @param origin That of the account: only pictures that Zendesk itself serves are read. */
export function toMessage(api: Api, comment: Comment, origin: string): Message {
  const text = textOf(comment);
  return {
    text,
    pictures: inlinePictures(text, origin).map((address) => api.fileAt(PASTED, address)),
    files: (comment.attachments ?? []).map(({ file_name: name, size, content_url }) =>
      api.fileAt({ name, size }, content_url),
    ),
  };
}

const INLINE_PATH = /^\/attachments\/token\/[A-Za-z0-9]+\/?$/;

/** The addresses at which Zendesk itself serves the pictures of a text. */
function inlinePictures(html: string, origin: string): string[] {
  return pictureAddresses(html).flatMap((address) => {
    const found = URL.parse(address, origin);
    const isOwn = found?.origin === origin && INLINE_PATH.test(found.pathname);
    return isOwn ? [found.href] : [];
  });
}

import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { Id, Text } from "../../client/schemas.ts";

export const User = z.object({ id: Id });
/** A message, or a file when it has a name. */
const Piece = z.object({
  id: Id.check(z.regex(/^\d+$/)),
  TransactionId: Id,
  ContentType: z.string(),
  Creator: User,
  Filename: Text,
  Content: Text,
  Headers: Text,
});
const Pieces = z.object({ items: z.array(Piece) });

/** RT combines conditions on the same field with OR. */
const TEXT = ["text/plain", "text/html"].map((value) => ({ field: "ContentType", value }));
export const MESSAGES = [...TEXT, { field: "Filename", operator: "IS", value: "NULL" }];
export const PICTURES = ["image/png", "image/jpeg"].map((value) => ({
  field: "ContentType",
  value,
}));
export const FILES = [{ field: "Filename", operator: "IS NOT", value: "NULL" }];

/** Reads the 20 oldest. RT returns messages in UTF-8, whatever their charset was. */
export async function readPieces(api: Api, ticketId: string, query: object[], field = "Content") {
  const where = encodeURIComponent(JSON.stringify(query));
  const page = `fields=TransactionId,ContentType,Creator,${field}&orderby=id&per_page=20`;
  return (await api.get(`ticket/${ticketId}/attachments?${page}&query=${where}`, Pieces)).items;
}

/** The size that RT notes among the headers of a file; null when it does not. */
export function lengthIn(headers: string | null | undefined): number | null {
  const [, length] = /^Content-Length: *(\d+)/im.exec(headers ?? "") ?? [];
  return length === undefined ? null : Number(length);
}

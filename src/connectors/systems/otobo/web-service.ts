import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { denied, notFound, refused } from "../../client/failures.ts";
import { Id, Text } from "../../client/schemas.ts";

/** Numbers come as numbers or as text. */
const Count = z.coerce.number();
const File = z.object({ Filename: z.string(), FilesizeRaw: Count, Content: Text });
export type File = z.infer<typeof File>;
const Article = z.object({
  ArticleID: Id,
  Subject: Text,
  Body: Text,
  SenderType: Text,
  IsVisibleForCustomer: z.nullish(Count),
  CreateTime: Text,
  Attachment: z.nullish(z.array(File)),
});
const Ticket = z.object({ Title: Text, Article: z._default(z.array(Article), []) });
const Tickets = z.object({ Ticket: z.array(Ticket) });
const Updated = z.object({ ArticleID: Id });
const Errored = z.object({ Error: z.object({ ErrorCode: z.string() }) });

/** The web service of ours that OTOBO imports, and who calls it. */
export interface WebService {
  readonly api: Api;
  readonly login: { readonly UserLogin: string; readonly Password: string };
}

/** @param options Whether files are listed, and whether with their content. */
export async function readTicket(service: WebService, ticketId: string, options: object) {
  const fields = { AllArticles: 1, ...options };
  const [ticket] = (await ask(service, "POST", ticketId, fields, Tickets)).Ticket;
  if (ticket === undefined) throw notFound("no such ticket");
  return ticket;
}

/** Returns the id of the new article. */
export async function addArticle(service: WebService, ticketId: string, article: object) {
  const fields = { Article: article };
  return (await ask(service, "PATCH", ticketId, fields, Updated)).ArticleID;
}

/** Errors come with the status 200. The login goes in the body: proxies log addresses. */
async function ask<T>(
  { api, login }: WebService,
  method: "POST" | "PATCH",
  ticketId: string,
  fields: object,
  schema: z.ZodMiniType<T>,
): Promise<T> {
  const body = { ...login, ...fields };
  const answer = await api.change(method, `Ticket/${ticketId}`, body, z.union([Errored, schema]));
  const { data } = Errored.safeParse(answer);
  if (data === undefined) return schema.parse(answer);
  const code = data.Error.ErrorCode;
  if (/\.AuthFail$/.test(code)) throw denied(code);
  // OTOBO says so for a ticket that does not exist, too.
  if (/\.AccessDenied$/.test(code)) throw notFound(code);
  throw refused(code);
}

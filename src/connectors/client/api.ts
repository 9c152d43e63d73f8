import * as z from "zod/mini";
import { toFailure } from "../../failure.ts";
import type { AccessToken } from "./access-token.ts";
import type { Attachment } from "./attachments.ts";
import { answerInvalid } from "./failures.ts";
import { type Answer, type Http, isPage, readJson } from "./http.ts";
import { isSafe } from "./settings.ts";

/** What a ticket system says of a file. */
type Listed = Omit<Attachment, "read">;

type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The REST interface of a ticket system, which answers in JSON. Paths are relative to its root.
 *
 * Every method fails with `ticket_system_*`, also when the answer does not fit its schema.
 */
export interface Api {
  get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T>;
  /** Asks something harmless, and fails unless an object comes back. */
  probe(path: string): Promise<Answer>;
  /** Sends a form, or anything else as JSON, and reads the answer. */
  change<T>(method: Method, path: string, body: unknown, schema: z.ZodMiniType<T>): Promise<T>;
  /** The same where the answer says nothing, or its headers count. A page for people is refused. */
  send(method: Method, path: string, body?: unknown): Promise<Answer>;
  /**
   * A file that can be read below the root.
   *
   * @param unwrap Takes the file out of an answer which wraps it.
   */
  file(file: Listed, path: string, unwrap?: (answer: Answer) => Uint8Array): Attachment;
  /** A file at an address that the ticket system gave. It is not read from an unsafe one. */
  fileAt(file: Listed, address: string | null | undefined): Attachment;
}

/** Where a REST interface is, and what opens it. */
export interface Access {
  /** With a slash at the end. */
  readonly root: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** What goes into `authorization` behind its scheme, where that ends by itself. */
  readonly token?: AccessToken | ((url: URL) => AccessToken);
  /** What stands before the token; `Bearer` where it is left out. */
  readonly scheme?: string;
}

export function createApi(http: Http, access: Access): Api {
  const { root } = access;
  const call = authorized(http, access);

  async function send(method: Method, path: string, body?: unknown) {
    const isForm = body instanceof URLSearchParams;
    const answer = await call(new URL(path, root), {
      method,
      headers: isForm ? {} : { "content-type": "application/json" },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    if (!isPage(answer)) return answer;
    throw answerInvalid("the answer is a page for people");
  }

  const get: Api["get"] = async (path, schema) => readJson(await call(new URL(path, root)), schema);

  /** What opens the ticket system goes to its own host only. */
  function readFile(url: URL, unwrap = ({ bytes }: Answer) => bytes) {
    const reader = url.origin === root.origin ? call : http;
    return async () => unwrap(await reader(url, { redirect: "follow" }));
  }

  return {
    get,
    send,
    async probe(path) {
      const answer = await call(new URL(path, root));
      readJson(answer, z.looseObject({}));
      return answer;
    },
    change: async (method, path, body, schema) => readJson(await send(method, path, body), schema),
    file: (file, path, unwrap) => ({ ...file, read: readFile(new URL(path, root), unwrap) }),
    fileAt: (file, address) => ({
      ...file,
      read: address && isSafe(address) ? readFile(new URL(address)) : null,
    }),
  };
}

interface Init extends RequestInit {
  readonly headers?: Record<string, string>;
}

/** Adds what opens the ticket system. A token that is refused before its time is renewed once. */
function authorized(http: Http, { headers, token: source, scheme = "Bearer" }: Access) {
  return async (url: URL, init: Init = {}): Promise<Answer> => {
    const token = typeof source === "function" ? source(url) : source;
    if (!token) return http(url, { ...init, headers: { ...headers, ...init.headers } });
    const send = (value: string) => {
      const authorization = `${scheme} ${value}`;
      return http(url, { ...init, headers: { ...headers, authorization, ...init.headers } });
    };
    const value = await token.get();
    try {
      return await send(value);
    } catch (error) {
      if (toFailure(error).ticketSystemStatus !== 401) throw error;
      token.drop(value);
      return send(await token.get());
    }
  };
}

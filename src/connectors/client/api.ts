import * as z from "zod/mini";
import { toFailure } from "../../failure.ts";
import type { AccessToken } from "./access-token.ts";
import type { Attachment } from "./attachments.ts";
import { answerInvalid } from "./failures.ts";
import { type Answer, type Http, isPage, readJson } from "./http.ts";
import { isSafe } from "./settings.ts";

/** A file as the ticket system lists it. */
type Listed = Omit<Attachment, "read">;

type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The REST API of a ticket system, with answers in JSON. Paths are relative to its root.
 *
 * Every method throws a `ticket_system_*` failure, also when the answer does not fit the schema.
 */
export interface Api {
  get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T>;
  /** Sends a harmless GET, and fails unless the answer is an object. */
  probe(path: string): Promise<Answer>;
  /** Sends `URLSearchParams` as a form, anything else as JSON, and reads the answer. */
  change<T>(method: Method, path: string, body: unknown, schema: z.ZodMiniType<T>): Promise<T>;
  /** The same without reading the answer. An HTML page counts as a failure. */
  send(method: Method, path: string, body?: unknown): Promise<Answer>;
  /**
   * A file at a path of the API.
   *
   * @param unwrap Extracts the file from the answer, if it is not the whole answer.
   */
  file(file: Listed, path: string, unwrap?: (answer: Answer) => Uint8Array): Attachment;
  /** A file at an address that the ticket system gave. An unsafe address is not read. */
  fileAt(file: Listed, address: string | null | undefined): Attachment;
}

/** The address and the credentials of a REST API. */
export interface Access {
  /** Ends with a slash. */
  readonly root: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The token for the header `authorization`, if it expires. */
  readonly token?: AccessToken | ((url: URL) => AccessToken);
  /** The scheme before the token; `Bearer` when left out. */
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

  /** Credentials are sent to the ticket system's own host only. */
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

/** Adds the credentials to requests. A token that is refused is renewed once. */
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

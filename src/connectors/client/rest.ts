import * as z from "zod/mini";
import { answerInvalid } from "./failures.ts";
import { type Answer, type Http, isPage, readJson } from "./http.ts";

/** The REST interface of a ticket system, which speaks JSON both ways. */
export interface Api {
  /** @throws {Failure} `ticket_system_*`, also when the answer does not fit. */
  get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T>;
  /** Asks something harmless; nothing is missing when an object comes back. */
  probe(path: string): Promise<readonly string[]>;
  /** Sends a JSON body. */
  send(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: unknown): Promise<Answer>;
}

/** Where it is, with a slash at the end, and what opens it. */
export interface Access {
  readonly root: URL;
  readonly headers: Readonly<Record<string, string>>;
}

export function openApi(http: Http, { root, headers }: Access): Api {
  return {
    probe: async (path) => {
      readJson(await http(new URL(path, root), { headers }), z.looseObject({}));
      return [];
    },
    get: async (path, schema) => readJson(await http(new URL(path, root), { headers }), schema),
    async send(method, path, body) {
      const answer = await http(new URL(path, root), {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!isPage(answer)) return answer;
      throw answerInvalid("the answer is a page for people");
    },
  };
}

import { ORIGIN, send } from "../../worker-harness.ts";

/** What a person sees of an answer. */
export interface Shown {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Where it redirects to; null when it does not. */
  readonly location: string | null;
}

/** A browser without JavaScript: it keeps cookies, and sends the forms of the page it shows. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  /** Sends a form with the token of the page that was shown last. */
  post(path: string, fields: Fields, headers?: Record<string, string>): Promise<Shown>;
  signIn(password: string): Promise<Shown>;
}

type Fields = Record<string, string> | readonly (readonly [string, string])[];

/** @param address Each browser counts by itself where sign-ins are limited. */
export function openBrowser(address: string): Browser {
  const cookies = new Map<string, string>();
  let token = "";

  async function call(path: string, init: RequestInit & { headers?: Record<string, string> }) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { "cf-connecting-ip": address, cookie, ...init.headers };
    const response = await send(path, { ...init, headers });
    for (const each of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (/max-age=0/i.test(each)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    token = /name="formToken" value="([^"]*)"/.exec(text)?.[1] ?? token;
    const location = response.headers.get("location");
    return { status: response.status, text, headers: response.headers, location };
  }

  const browser: Browser = {
    cookies,
    get: (path, headers = {}) => call(path, { headers }),
    post(path, fields, headers = {}) {
      const given = Array.isArray(fields) ? fields : Object.entries(fields);
      const body = new URLSearchParams([["formToken", token], ...given]);
      // A field that is given takes the place of the page's own.
      if (given.some(([name]) => name === "formToken")) {
        body.delete("formToken");
        for (const [name, value] of given) if (name === "formToken") body.append(name, value);
      }
      const origin = { origin: ORIGIN, "sec-fetch-site": "same-origin" };
      const type = { "content-type": "application/x-www-form-urlencoded" };
      return call(path, { method: "POST", body, headers: { ...origin, ...type, ...headers } });
    },
    async signIn(password) {
      await browser.get("/console/sign-in");
      return browser.post("/console/sign-in", { password });
    },
  };
  return browser;
}

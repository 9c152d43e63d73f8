import { expect, test } from "vitest";
import type { Http } from "../../../src/connectors/client/http.ts";
import { requestGrant } from "../../../src/connectors/client/oauth.ts";
import { Failure } from "../../../src/failure.ts";

const GRANT = { access_token: "abc", token_type: "bearer" };
const grants: [answer: object, grant: object | string, why: string][] = [
  [{ ...GRANT, expires_in: 1800 }, { token: "abc", lifetimeMs: 1_800_000 }, "seconds"],
  [{ ...GRANT, expires_in: "1800" }, { token: "abc", lifetimeMs: 1_800_000 }, "seconds as text"],
  [GRANT, { token: "abc", lifetimeMs: null }, "no lifetime"],
  [{ ...GRANT, expires_in: null }, { token: "abc", lifetimeMs: null }, "no lifetime"],
  [{ error: "invalid_client" }, "ticket_system_answer_invalid", "no token"],
  [
    { access_token: "a b" },
    "ticket_system_answer_invalid",
    "a token that cannot stand in a header",
  ],
];

test.each(grants)("the answer %j of a token endpoint is %j: %s", async (body, grant) => {
  const text = JSON.stringify(body);
  const http: Http = async () => {
    return { status: 200, headers: new Headers(), bytes: new Uint8Array(), text };
  };
  const asking = requestGrant(http, new URL("https://desk.example/token"), {});
  if (typeof grant === "string") await expect(asking).rejects.toMatchObject({ code: grant });
  else expect(await asking).toEqual(grant);
});

const refusals: [failure: Failure, code: string][] = [
  [new Failure("ticket_system_refused", "x", { ticketSystemStatus: 400 }), "ticket_system_denied"],
  [new Failure("ticket_system_denied", "x", { ticketSystemStatus: 401 }), "ticket_system_denied"],
  [
    new Failure("ticket_system_unavailable", "x", { outcomeUnknown: true }),
    "ticket_system_unavailable",
  ],
];

test.each(refusals)("a token endpoint that fails with %o is %s", async (failure, code) => {
  const asking = requestGrant(() => Promise.reject(failure), new URL("https://x.example/"), {});
  // Status and outcome of the token request say nothing about the request that needs the token.
  await expect(asking).rejects.toMatchObject({
    code,
    ticketSystemStatus: null,
    outcomeUnknown: false,
  });
});

import { afterEach, expect, test, vi } from "vitest";
import { FIRST_TRY } from "../worker-harness.ts";
import { answer, FIXTURES, freshConnection, HELLO, postingOn } from "./fixture.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const shown: [system: string, answered: object, deleted: string][] = [
  [
    "connectwise",
    { id: 9, text: "Hello", internalAnalysisFlag: false },
    "/service/tickets/42/notes/9",
  ],
  ["halo", { id: 9, hiddenfromuser: false }, "/actions/9"],
];

test.each(shown)("%s: an internal note that comes back public is deleted", async (...row) => {
  const [system, answered, deleted] = row;
  const env = FIXTURES.find(([name]) => name === system)?.[1].env ?? {};
  const calls = answer(({ method, url }) => {
    if (url.includes("/token")) return Response.json({ access_token: "t", expires_in: 3600 });
    return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(answered);
  });
  const delivering = freshConnection(system, env).deliverComment(postingOn("42", HELLO), FIRST_TRY);
  await expect(delivering).rejects.toMatchObject({ code: "ticket_system_denied" });
  const sent = calls.filter(({ url }) => !url.includes("/token"));
  expect(sent.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  expect(new URL(sent[1]?.url ?? "").pathname.endsWith(deleted)).toBe(true);
});

import { afterEach, expect, test, vi } from "vitest";
import { FIRST_TRY, SECOND_TRY } from "./attempts.ts";
import {
  answer,
  type Exchange,
  FIXTURES,
  freshConnection,
  HELLO,
  postingOn,
  replay,
  toResponse,
} from "./fixture.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function fixtureOf(system: string) {
  const [, fixture] = FIXTURES.find(([name]) => name === system) ?? [];
  if (fixture === undefined) throw new Error(`no recording of ${system}`);
  return fixture;
}

const deleted: [system: string, answered: object, path: string][] = [
  [
    "connectwise",
    { id: 9, text: "Hello", internalAnalysisFlag: false },
    "/service/tickets/42/notes/9",
  ],
  ["halo", { id: 9, hiddenfromuser: false }, "/actions/9"],
  ["manageengine", { request_note: { id: 9, show_to_requester: true } }, "/requests/42/notes/9"],
];

test.each(deleted)("%s: an internal note that comes back public is deleted", async (...row) => {
  const [system, answered, path] = row;
  const calls = answer(({ method, url }) => {
    if (url.includes("/token")) return Response.json({ access_token: "t", expires_in: 3600 });
    return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(answered);
  });
  const { env } = fixtureOf(system);
  const delivering = freshConnection(system, env).deliverComment(postingOn("42", HELLO), FIRST_TRY);
  await expect(delivering).rejects.toMatchObject({ code: "ticket_system_denied" });
  const sent = calls.filter(({ url }) => !url.includes("/token"));
  expect(sent.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  expect(new URL(sent[1]?.url ?? "").pathname.endsWith(path)).toBe(true);
});

/** When the ticket system tells who can read a comment. */
type Step = "posted" | "found" | "about to be edited" | "edited";

const tells: [system: string, field: string, shown: unknown, steps: Step[]][] = [
  [
    "connectwise",
    "internalAnalysisFlag",
    false,
    ["posted", "found", "about to be edited", "edited"],
  ],
  ["freshdesk", "private", false, ["posted", "found", "about to be edited", "edited"]],
  ["freshservice", "private", false, ["posted", "found", "about to be edited", "edited"]],
  ["gitlab", "internal", false, ["posted", "found", "edited"]],
  // The answer to a new followup does not tell.
  ["glpi", "is_private", false, ["about to be edited"]],
  ["halo", "hiddenfromuser", false, ["posted", "found", "about to be edited", "edited"]],
  // A comment that is found and public is deleted, and posted again.
  ["jira", "public", true, ["posted", "about to be edited", "edited"]],
  ["manageengine", "show_to_requester", true, ["posted", "found", "about to be edited", "edited"]],
  ["otobo", "IsVisibleForCustomer", 1, ["found"]],
  ["redmine", "private_notes", false, ["posted", "found", "about to be edited"]],
  ["zammad", "internal", false, ["posted", "found"]],
];

const shownAt = tells.flatMap(([system, field, shown, steps]) =>
  steps.map((step) => ({ system, step, field, shown })),
);

test.each(shownAt)(
  "$system: a comment that shows as public when it is $step is no success",
  async (row) => {
    const { system, step, field, shown } = row;
    const { env, event, posted, found, edited } = fixtureOf(system);
    const commentId = edited?.commentId ?? "1";
    const replaces = { commentId, visibility: "internal" } as const;
    const edit = { recording: edited, earlier: { ...FIRST_TRY, replaces } };
    const { recording, earlier } = {
      posted: { recording: posted, earlier: FIRST_TRY },
      found: { recording: found, earlier: SECOND_TRY },
      "about to be edited": edit,
      edited: edit,
    }[step];
    const requests = recording?.requests ?? [];
    const telling = requests.flatMap((each, index) =>
      JSON.stringify(each.answer).includes(field) ? [index] : [],
    );
    const changed = {
      posted: telling,
      found: telling,
      "about to be edited": telling.slice(0, 1),
      edited: telling.slice(-1),
    }[step];
    const left = [
      ...requests.map((each, index) =>
        changed.includes(index) ? withField(each, field, shown) : each,
      ),
      ...posted.requests,
    ];
    answer(({ method, url }) => {
      const next = left.findIndex((each) => each.method === method && each.url === url);
      const [exchange] = next < 0 ? [] : left.splice(next, 1);
      return exchange ? toResponse(exchange.answer) : new Response(null, { status: 204 });
    });
    const outcome = await freshConnection(system, env)
      .deliverComment(postingOn(event.ticketId, HELLO), earlier)
      .then(
        (delivered) => delivered.outcome,
        ({ code }) => code,
      );
    // An earlier comment that a person made public stays as it is.
    expect(outcome).toBe(step === "about to be edited" ? "posted" : "ticket_system_denied");
  },
);

const agedAt = shownAt.filter(({ step }) => step === "found");

test.each(agedAt)(
  "$system: a comment that was posted long ago, and that a person made public, counts as posted",
  async ({ system, field, shown }) => {
    const { env, event, found } = fixtureOf(system);
    replay((found?.requests ?? []).map((each) => withField(each, field, shown)));
    const posting = postingOn(event.ticketId, HELLO, { at: new Date("2099-01-01T00:00:00Z") });
    const delivering = freshConnection(system, env).deliverComment(posting, SECOND_TRY);
    expect(await delivering).toEqual({ outcome: "posted", commentId: found?.commentId });
  },
);

/** The same request, in whose answer a field has another value, however deep it is. */
function withField({ answer, ...rest }: Exchange, field: string, value: unknown): Exchange {
  const body = JSON.parse(JSON.stringify(answer.body ?? null), (name, old) =>
    name === field ? value : old,
  );
  return { ...rest, answer: { ...answer, body } };
}

import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../src/connectors/index.ts";
import { FIRST_TRY } from "./attempts.ts";
import { answer, type Call, type Exchange, FIXTURES, HELLO, MARKER, watchLog } from "./fixture.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const bodyOf = ({ body }: Call) => JSON.stringify(body ?? null);

/** Which request sets a label, a tag or a field, by connector; null where none is set. */
const LABELS: Readonly<Record<string, ((call: Call) => boolean) | null>> = {
  backlog: null,
  connectwise: null,
  freshdesk: ({ method, url }) => method === "PUT" && /tickets\/\d+$/.test(url),
  freshservice: ({ method, url }) => method === "PUT" && /tickets\/\d+$/.test(url),
  github: ({ url }) => url.endsWith("/labels"),
  gitlab: (call) => bodyOf(call).includes('"add_labels"'),
  glpi: null,
  halo: null,
  jira: (call) => bodyOf(call).includes('"labels"'),
  manageengine: null,
  otobo: null,
  redmine: (call) => bodyOf(call).includes('"custom_fields"'),
  "request-tracker": (call) => bodyOf(call).includes('"CustomFields"'),
  servicenow: null,
  standard: null,
  zammad: ({ url }) => url.endsWith("/tags/add"),
  zendesk: (call) => bodyOf(call).includes('"tags"'),
};

test("this test lists for every connector whether it sets labels", () => {
  expect(Object.keys(LABELS)).toEqual(FIXTURES.map(([name]) => name));
});

/** Answers as recorded, whatever the order, but refuses to set a label. */
function refuseLabels(
  exchanges: readonly Exchange[],
  isLabel: (call: Call) => boolean,
  status: number,
) {
  const left = [...exchanges];
  return answer((call) => {
    if (isLabel(call)) return Response.json({ message: "no such label" }, { status });
    const index = left.findIndex(({ method, url }) => method === call.method && url === call.url);
    const [next] = left.splice(index, index < 0 ? 0 : 1);
    // Request Tracker is asked whether the user may comment.
    if (next === undefined) return Response.json({ _hyperlinks: [{ ref: "comment" }] });
    const { status: answered, body, headers } = next.answer;
    const isEmpty = body === undefined || answered === 204;
    return new Response(isEmpty ? null : JSON.stringify(body), { status: answered, headers });
  });
}

const rows = FIXTURES.flatMap(([name, fixture]) => {
  const isLabel = LABELS[name];
  if (!isLabel) return [];
  const { posted, edited } = fixture;
  return [400, 422].flatMap((status) => [
    { name, fixture, isLabel, status, outcome: "posted", ...posted },
    ...(edited ? [{ name, fixture, isLabel, status, outcome: "updated", ...edited }] : []),
  ]);
});

test.each(rows)(
  "$name: a label that is refused with $status is left out and logged, and the comment is $outcome",
  async ({ name, fixture, isLabel, status, outcome, requests, commentId }) => {
    const { env, event, visibility, delivery } = fixture;
    const at = new Date(delivery.at);
    const log = watchLog();
    const calls = refuseLabels(requests, isLabel, status);
    const posting = { ticketId: event.ticketId, comment: HELLO, visibility, marker: MARKER, at };
    const replaces = outcome === "updated" ? { commentId: commentId ?? "", visibility } : null;
    const settled = await connect(name, env).deliverComment(posting, { ...FIRST_TRY, replaces });
    expect(settled).toEqual({ outcome, commentId });
    expect(calls.filter(isLabel)).toHaveLength(1);
    expect(log).toEqual([
      {
        event: "labels_skipped",
        connector: name,
        ticketId: event.ticketId,
        code: "ticket_system_refused",
        detail: `answered ${status}`,
      },
    ]);
  },
);

/** Those that set the label in the request of the comment, so that it may be at fault. */
const together = rows.filter(({ name }) => ["request-tracker", "zendesk"].includes(name));

test.each(together)(
  "$name: a comment that is refused without its label too, with $status, is refused",
  async ({ name, fixture, status, requests }) => {
    const { env, event, visibility, delivery } = fixture;
    const log = watchLog();
    refuseLabels(requests, ({ method }) => method !== "GET", status);
    const at = new Date(delivery.at);
    const posting = { ticketId: event.ticketId, comment: HELLO, visibility, marker: MARKER, at };
    const settling = connect(name, env).deliverComment(posting, FIRST_TRY);
    await expect(settling).rejects.toMatchObject({ code: "ticket_system_refused" });
    expect(log, "no label is blamed").toEqual([]);
  },
);

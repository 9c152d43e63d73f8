import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../src/connectors/index.ts";
import { FIRST_TRY } from "../desk.ts";
import fixture from "../fixtures/servicenow.json";
import { answer, MARKER, postingOn } from "./fixture.ts";

const connection = connect("servicenow", fixture.env);
const TICKET = fixture.event.ticketId;
const POSTING = postingOn(TICKET);
const SYS_ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An instance that hides what it does not let one read, and drops what it does not let one write. */
function desk({ reads = true, writes = ["comments", "work_notes"], entries = [] as string[] }) {
  return answer(({ method, url, body }) => {
    if (method === "PATCH") {
      for (const [field, text] of Object.entries(body as Record<string, string>)) {
        if (writes.includes(field)) entries.push(text);
      }
      return Response.json({ result: { sys_id: TICKET } });
    }
    if (!new URL(url).pathname.endsWith("/sys_journal_field")) throw new Error(`no ${url}`);
    const rows = ["別の端末では？", ...entries].map((value) => ({ sys_id: SYS_ID, value }));
    return Response.json({ result: reads ? rows : [] });
  });
}

const refused: [Parameters<typeof desk>[0], "internal" | "public", writes: number, why: string][] =
  [
    [{ reads: false }, "internal", 0, "its journal is hidden: the note could not be found again"],
    [{ writes: ["comments"] }, "internal", 1, "the work note is dropped"],
    [{ writes: ["work_notes"] }, "public", 1, "the comment is dropped"],
  ];

test.each(refused)("where %j, a note for %s eyes is denied after %i writes: %s", async (...row) => {
  const [rights, visibility, writes] = row;
  const calls = desk(rights);
  const posting = { ...POSTING, visibility };
  const code = "ticket_system_denied";
  await expect(connection.settleComment(posting, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(calls.filter(({ method }) => method === "PATCH")).toHaveLength(writes);
});

test("a note goes where its readers look, and is read back", async () => {
  for (const [visibility, field] of [
    ["internal", "work_notes"],
    ["public", "comments"],
  ] as const) {
    const calls = desk({});
    const settled = await connection.settleComment({ ...POSTING, visibility }, FIRST_TRY);
    expect(settled).toEqual({ outcome: "posted", commentId: SYS_ID });
    const [, patch] = calls;
    expect(patch?.body).toEqual({ [field]: expect.stringContaining(MARKER) });
  }
});

test("a note whose reading back was cut off is found by the next try", async () => {
  const calls = desk({ entries: [`Hello\n${MARKER}`] });
  const again = { ...FIRST_TRY, triedBefore: true };
  expect(await connection.settleComment(POSTING, again)).toMatchObject({ commentId: SYS_ID });
  expect(calls.map(({ method }) => method)).toEqual(["GET"]);
});

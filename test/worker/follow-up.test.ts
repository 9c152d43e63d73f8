import { afterEach, expect, test } from "vitest";
import {
  type Call,
  closeHarness,
  created,
  deliver,
  type Harness,
  openHarness,
  pass,
  recordOf,
  send,
  set,
} from "../worker-harness.ts";

afterEach(closeHarness);

const READABLE = { STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" };
const FIRST_CODE = "Error 0x80090029";
const OTHER_CODE = "Error 0x80240016";

/** A further message of the requester, and the delivery that tells of it. */
function replied(body: string | undefined) {
  return created({ body, subject: undefined }).replace("ticket.created", "ticket.replied");
}

/** A ticket system whose ticket holds these texts when it is read. */
async function open(texts: string, settings: Record<string, string>) {
  const harness = await openHarness(settings);
  harness.always = ({ method }: Call) =>
    Response.json(method === "GET" ? { ticket: { id: "T-1", body: texts } } : { id: "c-1" });
  return harness;
}

const comments = (harness: Harness) =>
  harness.calls.filter(({ method }) => method === "POST").length;

/** What the first message holds, what the further one holds, and what follows. */
const rows: [
  first: string | null,
  message: string | undefined,
  answer: string,
  comments: number,
  codes: string[],
  why: string,
][] = [
  ["It broke.", FIRST_CODE, "accepted", 1, ["0x80090029"], "the ticket had no comment yet"],
  ["It broke.", "Still broken.", "ignored", 0, [], "the message holds no code"],
  [FIRST_CODE, FIRST_CODE, "ignored", 1, ["0x80090029"], "the code is answered already"],
  [FIRST_CODE, OTHER_CODE, "accepted", 2, ["0x80090029", "0x80240016"], "the code is new"],
  [FIRST_CODE, undefined, "accepted", 2, ["0x80090029", "0x80240016"], "only the ticket tells"],
  [null, FIRST_CODE, "accepted", 1, ["0x80090029"], "nothing was known of the ticket"],
];

test.each(rows)("after %j, a further message %j is %s: %i comments on %j: %s", async (...row) => {
  const [first, message, answer, posted, codes] = row;
  const harness = await open([first, message ?? OTHER_CODE].join("\n"), {
    ...READABLE,
    FOLLOW_UPS: "on",
  });
  if (first !== null) {
    await deliver(created({ body: first, subject: undefined }), { id: "msg_1" });
    await pass();
  }
  const response = await deliver(replied(message), { id: "msg_2" });
  expect((await response.json<{ status: string }>()).status).toBe(answer);
  await pass();
  expect(comments(harness)).toBe(posted);
  expect([...((await recordOf())?.codes ?? [])].sort()).toEqual(codes);
});

test("a ticket that is read again and says nothing new keeps its one comment", async () => {
  const harness = await open(FIRST_CODE, { ...READABLE, FOLLOW_UPS: "on" });
  await deliver(created({ body: FIRST_CODE, subject: undefined }), { id: "msg_1" });
  await pass();
  await deliver(replied(undefined), { id: "msg_2" });
  await pass();
  expect(comments(harness)).toBe(1);
  expect(await recordOf()).toMatchObject({ outcome: "unchanged" });
});

const offs: [settings: Record<string, string>, reason: string][] = [
  [READABLE, "another event"],
  [{ ...READABLE, FOLLOW_UPS: "off" }, "another event"],
  [{ FOLLOW_UPS: "on" }, "the ticket cannot be read again"],
];

test.each(offs)("with %j a further message is ignored: %s", async (settings, reason) => {
  const harness = await open(FIRST_CODE, settings);
  const response = await deliver(replied(FIRST_CODE));
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ignored", reason });
  await pass();
  expect(harness.calls).toEqual([]);
});

test("a value other than on and off is invalid", async () => {
  await open(FIRST_CODE, READABLE);
  set({ FOLLOW_UPS: "yes" });
  const ready = await send("/readyz");
  expect(ready.status).toBe(503);
  expect(JSON.stringify(await ready.json())).toContain("FOLLOW_UPS: on or off");
});

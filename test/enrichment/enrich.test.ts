import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_SCANNED_LENGTH } from "../../src/enrichment/scan-ticket.ts";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  openHarness,
  pass,
  recordOf,
} from "../worker-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
});
afterEach(closeHarness);

/** Has a thin delivery fetch this text, and gives the comment that comes of it. */
async function commentOn(ticket: Record<string, unknown>): Promise<string | null> {
  harness.answers.push(() => Response.json({ ticket: { id: "T-1", locale: "en", ...ticket } }));
  await deliver(created({ body: null }));
  await pass();
  const post = harness.calls.find(({ method }) => method === "POST");
  return post ? JSON.parse(post.body).data.comment.text : null;
}

const CUT = "only its first 2,000,000 characters were searched for codes";

test("only the beginning of a very long ticket is scanned, and the comment says so", async () => {
  const body = `0x80090029 ${" ".repeat(MAX_SCANNED_LENGTH)} 0x801C03ED`;
  const comment = await commentOn({ body });
  expect(comment).toContain(CUT);
  expect(comment).toContain("0x80090029");
  expect(comment).not.toContain("0x801C03ED");
});

test("a ticket as long as the limit is scanned completely", async () => {
  const comment = await commentOn({ body: "0x801C03ED".padStart(MAX_SCANNED_LENGTH) });
  expect(comment).toContain("0x801C03ED");
  expect(comment).not.toContain(CUT);
});

test("a ticket without text gets no comment", async () => {
  expect(await commentOn({ subject: null, body: null })).toBeNull();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "no_code" });
});

test("a symbol counts like its code", async () => {
  const comment = await commentOn({ body: "it ended with NTE_NOT_SUPPORTED" });
  expect(comment).toContain("0x80090029 NTE_NOT_SUPPORTED: ");
  expect(await recordOf()).toMatchObject({ codes: ["0x80090029"] });
});

test("an unknown symbol is ignored", async () => {
  expect(await commentOn({ body: "it ended with NTE_NOT_A_NAME" })).toBeNull();
});

import { afterEach, beforeEach, expect, test } from "vitest";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  openHarness,
  pass,
  set,
} from "../../worker-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

const bodies: [why: string, ticketUrl: string, body: unknown, reads: boolean][] = [
  ["the text is there", "https://desk.example/tickets/{id}", "0x80090029", false],
  ["the text is there and empty", "https://desk.example/tickets/{id}", "", false],
  ["null", "https://desk.example/tickets/{id}", null, true],
  ["absent", "https://desk.example/tickets/{id}", undefined, true],
  ["absent, and cannot be read", "", undefined, false],
];

test.each(bodies)(
  "a delivery where the body is %s: %s, %j: read: %s",
  async (_, url, body, reads) => {
    set({ STANDARD_TICKET_URL: url });
    harness.always = () => Response.json({ ticket: { id: "T-1" } });
    await deliver(created({ body }));
    await pass();
    expect(harness.calls.some(({ method }) => method === "GET")).toBe(reads);
  },
);

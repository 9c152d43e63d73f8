import { afterEach, describe, expect, test } from "vitest";
import {
  ask,
  closeHarness,
  created,
  deliver,
  openHarness,
  pass,
  recordOf,
  retrigger,
  send,
  set,
} from "../worker-harness.ts";

afterEach(closeHarness);

describe("COMMENT_MODE=shadow", () => {
  test("writes nothing to the ticket system, and records the codes", async () => {
    const ticketSystem = await openHarness({ COMMENT_MODE: "shadow" });
    await deliver();
    await pass();
    expect(ticketSystem.calls).toEqual([]);
    expect(await recordOf()).toMatchObject({
      state: "done",
      outcome: "withheld",
      codes: ["0x80090029"],
      commentId: null,
    });
  });

  test("after a switch to post, earlier tickets get a comment only when re-triggered", async () => {
    const ticketSystem = await openHarness({
      COMMENT_MODE: "shadow",
      STANDARD_TICKET_URL: "https://ticketSystem.example/tickets/{id}",
    });
    await deliver();
    await pass();
    set({ COMMENT_MODE: "post" });
    await deliver();
    await pass(60 * 60 * 1000);
    expect(ticketSystem.calls).toEqual([]);

    ticketSystem.answers.push(() => Response.json({ ticket: JSON.parse(created()).data.ticket }));
    await retrigger();
    await pass();
    expect(ticketSystem.calls.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(await recordOf()).toMatchObject({ outcome: "posted" });
  });

  test("withholds a forced comment, too", async () => {
    const ticketSystem = await openHarness({ COMMENT_MODE: "shadow" });
    await deliver();
    await pass();
    await retrigger("T-1", '{"force":true}');
    await pass();
    expect(ticketSystem.calls).toEqual([]);
  });

  test("counts withheld comments", async () => {
    await openHarness({ COMMENT_MODE: "shadow" });
    await deliver();
    await pass();
    const metrics = await (await ask("/metrics")).text();
    expect(metrics).toContain('outcome="withheld"} 1');
  });
});

const GITLAB = {
  COMMENT_MODE: "tags",
  GITLAB_URL: "https://gitlab.example",
  GITLAB_TOKEN: "glpat-0123456789",
  GITLAB_SECRETS: "secret-of-the-test-0123456789",
};

describe("COMMENT_MODE=tags", () => {
  test("sets labels and posts no comment", async () => {
    const ticketSystem = await openHarness(GITLAB);
    ticketSystem.always = () => Response.json({ iid: 7, title: "PIN", description: "0x80090029" });
    ticketSystem.answers.push(
      () => Response.json({ title: "PIN", description: "Error 0x80090029" }),
      () => Response.json([]),
    );
    const path = `/tickets/gitlab/${encodeURIComponent("5-7")}/enrich`;
    expect((await ask(path, { method: "POST" })).status).toBe(202);
    await pass(0, "gitlab");
    expect(ticketSystem.calls.map(({ method }) => method)).toEqual(["GET", "GET", "PUT"]);
    expect(ticketSystem.calls.at(-1)?.body).toContain("error-hresult");
    expect(await recordOf("5-7", "gitlab")).toMatchObject({ state: "done", outcome: "tagged" });
  });

  test("is invalid if labels can only be set together with a comment", async () => {
    const ticketSystem = await openHarness({ COMMENT_MODE: "tags" });
    await deliver();
    await pass();
    expect(ticketSystem.calls).toEqual([]);
    expect(await recordOf()).toMatchObject({ state: "waiting", lastFailure: "settings_invalid" });
    expect(await (await send("/readyz")).text()).toContain(
      "COMMENT_MODE=tags: standard sets no labels without a comment",
    );
  });
});

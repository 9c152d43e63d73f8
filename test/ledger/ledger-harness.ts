import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, vi } from "vitest";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  ledger,
  openHarness,
  send,
} from "../worker-harness.ts";

// What the tests of the ledger share, with all that the tests of the Worker share.

export * from "../worker-harness.ts";

/** In milliseconds. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface HarnessOptions {
  /** Variables besides those of the connector `standard`. */
  readonly settings?: Record<string, string>;
  /** Each delay is as long as it can be. */
  readonly withoutJitter?: boolean;
}

/** Opens the harness before each test of a file, and closes it after the test. */
export function useHarness({ settings = {}, withoutJitter = false }: HarnessOptions = {}): Harness {
  let opened: Harness | undefined;
  const current = () => {
    if (opened === undefined) throw new Error("the harness is open during a test only");
    return opened;
  };
  beforeEach(async () => {
    opened = await openHarness(settings);
    if (withoutJitter) vi.spyOn(Math, "random").mockReturnValue(1);
  });
  afterEach(async () => {
    opened = undefined;
    await closeHarness();
  });
  return {
    get calls() {
      return current().calls;
    },
    get answers() {
      return current().answers;
    },
    get log() {
      return current().log;
    },
    get always() {
      return current().always;
    },
    set always(answer) {
      current().always = answer;
    },
  };
}

/** Delivers tickets with one listed code, a millisecond apart. */
export async function deliverTickets(...ids: string[]): Promise<void> {
  for (const id of ids) {
    expect((await deliver(created({ id }), { id: `msg_${id}` })).status).toBe(202);
    vi.setSystemTime(Date.now() + 1);
  }
}

/** Runs a function on the storage of the ledger of `standard`. */
export function onStorage<T>(run: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> {
  return runInDurableObject(ledger(), (_, { storage }) => run(storage));
}

/** The variables of GitLab. */
export const GITLAB_SETTINGS = {
  GITLAB_URL: "https://gitlab.example",
  GITLAB_TOKEN: "glpat-0123456789abcdefghij",
  GITLAB_SECRETS: "a-token-of-the-webhook",
  GITLAB_TAGS: "off",
};

/** GitLab tells of a new issue of the project 7. */
export async function deliverIssue(iid: number): Promise<void> {
  const event = {
    object_kind: "issue",
    project: { id: 7 },
    object_attributes: { iid, action: "open", type: "Issue" },
  };
  const headers = {
    "x-gitlab-event": "Issue Hook",
    "x-gitlab-token": GITLAB_SETTINGS.GITLAB_SECRETS,
  };
  const init = { method: "POST", headers, body: JSON.stringify(event) };
  expect((await send("/webhooks/gitlab", init)).status).toBe(202);
}

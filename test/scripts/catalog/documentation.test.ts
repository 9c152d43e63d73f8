import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogOf } from "../../../scripts/catalog/build.ts";
import { checkTopic } from "../../../scripts/catalog/check.ts";
import { mergeTopic } from "../../../scripts/catalog/merge.ts";
import { parseTopicFile } from "../../../scripts/catalog/parse-topic-file.ts";
import { dryRun } from "../../../src/enrichment/dry-run.ts";
import { readSettings } from "../../../src/env.ts";
import { testCatalog } from "../../catalog-fixture.ts";

// A helpdesk lead copies the examples of docs/catalog.md as they stand.

const PAGE = readFileSync(join(import.meta.dirname, "../../../docs/catalog.md"), "utf8");
const EXAMPLES = [...PAGE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text);

/** The comment on a ticket when a file of one's own is added to the catalog of the tests. */
async function commentOn(ticket: string, topic: string, text: string) {
  const parsed = parseTopicFile(`ours/${topic}.yaml`, topic, new TextEncoder().encode(text));
  if (!("content" in parsed)) throw new Error(JSON.stringify(parsed));
  const project = testCatalog();
  const files = project.topics.find(({ name }) => name === topic)?.files ?? [];
  const merged = mergeTopic(topic, [...files, parsed]).topic;
  expect(checkTopic(merged)).toEqual([]);
  const others = project.topics.filter(({ name }) => name !== topic);
  const catalog = await catalogOf({ ...project, topics: [...others, merged] });
  const request = { subject: null, body: ticket, format: "text", locale: "en" } as const;
  return (await dryRun(request, catalog, readSettings({}))).comment?.text;
}

test.each([
  {
    topic: "network-shares",
    key: "look-at-storage-board:",
    ticket: "Error 0x80070035 when I open a folder on FS01",
    step: "1. Agent: Look at the board of the storage team: FS01 may be under maintenance.",
    team: "escalate to the storage team, extension 4711.",
  },
  {
    topic: "quillmark",
    key: "Quillmark Invoices",
    ticket: "Quillmark stops with error 0x8007007E",
    step: "2. Agent: In the Software Center, choose Repair for Quillmark.",
    team: "escalate to the finance applications team.",
  },
])(
  "the example of the topic $topic leads to its comment",
  async ({ topic, key, ticket, step, team }) => {
    const [example, ...others] = EXAMPLES.filter((each) => each.includes(key));
    expect(others).toEqual([]);
    const comment = await commentOn(ticket, topic, example ?? "");
    expect(comment).toContain(step);
    expect(comment).toContain(team);
    expect(PAGE).toContain(ticket);
  },
);

test("the example of a caution is a step of a topic file", () => {
  const step = EXAMPLES.find((each) => each.includes("caution:"));
  const parsed = parseTopicFile("ours/t.yaml", "t", new TextEncoder().encode(`steps:\n${step}`));
  expect(parsed).toHaveProperty("content.steps");
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from "@actions/workflow-parser";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const WORKFLOWS = globSync(["docs/workflows/*.yml", ".github/workflows/*.yml"], { cwd: ROOT });

test.each(WORKFLOWS)("GitHub's own parser finds no error in %s", async (name) => {
  const file = { name, content: readFileSync(join(ROOT, name), "utf8") };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  if (value === undefined) throw new Error(context.errors.getErrors().join());
  const { jobs } = await convertWorkflowTemplate(context, value);
  expect(context.errors.getErrors()).toEqual([]);
  expect(jobs).toHaveLength(1);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { toPrometheus } from "../../src/worker/prometheus.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
const Rules = z.object({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smhd]$/)
            .optional(),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

test("the example of alert rules names only metrics that /metrics serves", () => {
  const [, yaml = ""] = /^### Alerts$.*?^```yaml\n(.*?)^```$/ms.exec(PAGE) ?? [];
  const rules = Rules.parse(parse(yaml)).groups.flatMap((group) => group.rules);
  const named = rules.flatMap(({ expr }) => expr.match(/\bhresult_\w+/g) ?? []);
  expect(named.length).toBeGreaterThanOrEqual(rules.length);
  const served = toPrometheus([]).match(/(?<=^# TYPE )\w+/gm);
  expect(served).toEqual(expect.arrayContaining(named));
});

test("docs/operations.md lists the metrics that /metrics serves, and no others", () => {
  const [, table = ""] = /^### Metrics$(.*?)^### /ms.exec(PAGE) ?? [];
  const listed = table.match(/(?<=^\| `)hresult_\w+/gm) ?? [];
  expect(listed.sort()).toEqual(
    toPrometheus([])
      .match(/(?<=^# TYPE )\w+/gm)
      ?.sort(),
  );
});

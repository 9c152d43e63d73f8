import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import document from "../../src/worker/openapi.json" with { type: "json" };

test("the linter of Redocly finds nothing in the description of our routes", async () => {
  const config = await createConfig({ extends: ["recommended-strict"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  expect(
    problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
  ).toEqual([]);
});

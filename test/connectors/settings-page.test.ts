import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONNECTORS } from "../../src/connectors/index.ts";
import { VARIABLES } from "../../src/env.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/settings.md"), "utf8");

/** The variables in the tables below a heading, in their order. */
function variablesBelow(heading: RegExp): string[] {
  const sections = PAGE.split(/^(?=#{2,3} )/m);
  const section = sections.find((each) => heading.test(each.split("\n", 1)[0] ?? "")) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = ""]) => name),
  );
}

test("docs/settings.md lists the settings for all connections, and no others", () => {
  expect(variablesBelow(/^## For all connections/).sort()).toEqual([...VARIABLES].sort());
});

test.each(CONNECTORS.map(({ name, variables }) => [name, variables] as const))(
  "docs/settings.md lists the settings of %s, and no others",
  (name, variables) => {
    // One table serves both, with the names of the first.
    const [shown, spelt] = name === "freshservice" ? ["freshdesk", "FRESHDESK_"] : [name, ""];
    const listed = variablesBelow(new RegExp(`^### (?:.*\\b)?${shown}\\b`));
    const own = listed.map((each) => (spelt ? each.replace(spelt, "FRESHSERVICE_") : each));
    expect(own.sort()).toEqual([...variables].sort());
  },
);

test("docs/settings.md has a section for each connector", () => {
  const headings = [...PAGE.matchAll(/^### ([a-z, -]+)$/gm)].flatMap(([, each = ""]) =>
    each.split(", "),
  );
  expect(headings.sort()).toEqual(CONNECTORS.map(({ name }) => name).sort());
});

test("each connector has a page that names all its variables", () => {
  for (const { name, variables } of CONNECTORS) {
    const pages = name === "standard" ? ["standard", "standard-json"] : [name];
    const text = pages.map((page) =>
      readFileSync(join(import.meta.dirname, `../../docs/connect/${page}.md`), "utf8"),
    );
    const missing = variables.filter((variable) => !text.join().includes(`\`${variable}\``));
    expect(missing, `in docs/connect/${name}.md`).toEqual([]);
  }
});

test("each page of a connector says what was tested", () => {
  for (const { name } of CONNECTORS) {
    const page = join(import.meta.dirname, `../../docs/connect/${name}.md`);
    expect(readFileSync(page, "utf8"), name).toMatch(/\btried\b/);
  }
});

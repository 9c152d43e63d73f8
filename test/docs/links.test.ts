import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../scripts/child.ts";
import { PAGES, type Page } from "./markdown.ts";

// Links to other sites are not followed: no test needs the internet.

/** Null when the link leads to another site or to something that is there; else what is wrong. */
function problemOf(page: Page, link: string) {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page.path : normalize(join(dirname(page.path), path));
  if (target.startsWith("..") || !existsSync(join(ROOT, target))) return "no such file";
  if (anchor === undefined) return null;
  const anchors = PAGES.find((each) => each.path === target)?.anchors;
  return anchors?.has(anchor) ? null : "no such heading";
}

test("every link within README and docs leads to a file and a heading that are there", () => {
  const broken = PAGES.flatMap((page) =>
    page.links.flatMap((link) => {
      const problem = problemOf(page, link);
      return problem === null ? [] : [`${page.path}: ${link}: ${problem}`];
    }),
  );
  expect(broken).toEqual([]);
});

const wrong: [link: string, problem: string][] = [
  ["docs/nowhere.md", "no such file"],
  ["../README.md", "no such file"],
  ["docs/api.md#no-such-heading", "no such heading"],
  ["#no-such-heading", "no such heading"],
];

test.each(wrong)("a link %s in README would be found: %s", (link, problem) => {
  const page = PAGES.find(({ path }) => path === "README.md");
  expect(page && problemOf(page, link)).toBe(problem);
});

test("every page of docs can be reached from README", () => {
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const links = PAGES.find((each) => each.path === path)?.links ?? [];
    for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
      visit(normalize(join(dirname(path), link.split("#")[0] ?? "")));
    }
  };
  visit("README.md");
  expect(PAGES.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

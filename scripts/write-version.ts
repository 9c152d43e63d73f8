import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { ROOT } from "./local-worker/root.ts";

/**
 * Writes the version of package.json into `src/version.ts`, and today's date into CHANGELOG.md.
 * `npm version` runs it. It ends with an error when CHANGELOG.md has no section for the version.
 */
const { version } = packageJson;
const changelog = join(ROOT, "CHANGELOG.md");
const text = await readFile(changelog, "utf8");
const heading = `## [${version}] - `;
if (!text.includes(heading)) throw new Error(`CHANGELOG.md has no section ${heading}…`);
const today = new Date().toISOString().slice(0, "2027-01-31".length);
await writeFile(changelog, text.replace(`${heading}Unreleased`, heading + today));

const source = join(ROOT, "src", "version.ts");
const code = await readFile(source, "utf8");
await writeFile(source, code.replace(/VERSION = ".*"/, `VERSION = "${version}"`));

import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** What `app` may import; the parts that were cut out of it may import the same. */
const APP = [
  "catalog",
  "comment",
  "connectors",
  "env",
  "errors",
  "hresult",
  "ledger",
  "log",
  "scan-ticket",
  "ticket",
];

/** Who may import whom: a part is a folder of `src`, or a file beside them. Arrows point down only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  errors: [],
  hresult: [],
  log: [],
  tally: [],
  ticket: ["errors", "hresult"],
  webhook: ["errors", "hresult"],
  env: ["errors", "ticket"],
  catalog: ["errors", "hresult"],
  comment: ["catalog", "hresult"],
  connectors: ["bytes", "comment", "errors", "log", "ticket", "webhook"],
  "scan-ticket": ["comment", "hresult", "ticket"],
  enrich: ["catalog", "comment", "connectors", "env", "errors", "hresult", "scan-ticket", "ticket"],
  ledger: ["catalog", "connectors", "enrich", "env", "errors", "log", "ticket"],
  "dry-run": [...APP, "enrich"],
  readiness: APP,
  metrics: APP,
  "rate-limit": APP,
  request: [...APP, "bytes", "webhook"],
  ledgers: APP,
  app: [...APP, "dry-run", "ledgers", "metrics", "rate-limit", "readiness", "request", "tally"],
  schedule: [...APP, "ledgers"],
  index: ["app", "env", "ledger", "schedule"],
};

/** Packages, and the parts which may know them. */
const PACKAGES: Readonly<Record<string, readonly string[] | "all">> = {
  zod: "all",
  hono: ["app", "rate-limit", "request"],
  "cloudflare:workers": ["ledger"],
};

/** What of `connectors` is no connector. */
const GROUNDWORK = [
  "api.ts",
  "attachments.ts",
  "connection.ts",
  "connector.ts",
  "failures.ts",
  "freshworks-notes.ts",
  "freshworks.ts",
  "http.ts",
  "index.ts",
  "jira-api.ts",
  "labels.ts",
  "markdown-issue.ts",
  "redmine-api.ts",
  "redmine-note.ts",
  "servicenow-api.ts",
  "settings.ts",
  "settle-comment.ts",
  "texts.ts",
  "ticket-created.ts",
  "zammad-note.ts",
];

interface Import {
  readonly from: string;
  readonly what: string;
  readonly source: string;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\b(?<what>[^;"']*?)\bfrom\s*["'](?<source>[^"']+)["']/g;
const BARE =
  /(?:^|\n)\s*import\s*["'](?<source>[^"']+)["']|\bimport\(\s*["'](?<source2>[^"']+)["']/g;

function importsOf(folder: string): Import[] {
  return globSync("**/*.ts", { cwd: folder })
    .sort()
    .flatMap((name) => {
      const from = join(folder, name);
      const text = readFileSync(from, "utf8");
      const named = [...text.matchAll(IMPORT)].map(({ groups = {} }) => ({
        from,
        what: groups.what?.trim() ?? "",
        source: groups.source ?? "",
      }));
      const bare = [...text.matchAll(BARE)].map(({ groups = {} }) => ({
        from,
        what: "",
        source: groups.source ?? groups.source2 ?? "",
      }));
      return [...named, ...bare];
    });
}

const IMPORTS = importsOf(SRC);
const FILES = globSync("**/*.ts", { cwd: SRC }).sort();

/** The part that a file of `src` belongs to; null for a file elsewhere. */
function partOf(path: string) {
  const [first = ""] = relative(SRC, path).split("/");
  return first === ".." ? null : first.replace(/\.ts$/, "");
}

function targetOf({ from, source }: Import) {
  return source.startsWith(".") ? resolve(dirname(from), source) : null;
}

function tell({ from, what, source }: Import) {
  return `${relative(ROOT, from)}: ${what} from "${source}"`;
}

test("the table names every part, and only parts that are there", () => {
  const parts = new Set(FILES.map((name) => partOf(join(SRC, name))));
  expect(Object.keys(MAY_IMPORT).sort()).toEqual([...parts].sort());
});

test("the table has no circle: each part imports only what stands above it", () => {
  const order = ["dry-run", "readiness", "request"];
  const seen = new Set<string>();
  for (const [part, imports] of Object.entries(MAY_IMPORT)) {
    const above = imports.filter((each) => !seen.has(each) && !order.includes(each));
    expect(above, part).toEqual([]);
    seen.add(part);
  }
});

test("all imports are read", () => {
  expect(IMPORTS.length).toBeGreaterThan(100);
  const keywords = FILES.flatMap((name) => [
    ...readFileSync(join(SRC, name), "utf8").matchAll(/^(?:import|export .* from|\} from)\b/gm),
  ]).filter(([line]) => line === "import" || line.startsWith("export"));
  expect(IMPORTS).toHaveLength(keywords.length);
});

test("a part imports only what the table allows", () => {
  const others = IMPORTS.filter((each) => {
    const part = partOf(each.from);
    const target = targetOf(each);
    if (part === null || target === null) return false;
    const to = partOf(target);
    return to !== part && (to === null || !MAY_IMPORT[part]?.includes(to));
  });
  expect(others.map(tell)).toEqual([]);
});

test("src imports nothing from outside src", () => {
  const strays = IMPORTS.filter((each) => {
    const target = targetOf(each);
    return target !== null && partOf(target) === null;
  });
  expect(strays.map(tell)).toEqual([]);
});

test("app knows the ledger by its types only", () => {
  const values = IMPORTS.filter((each) => {
    const target = targetOf(each);
    const ledger = target !== null && partOf(target) === "ledger";
    return ledger && !["ledger", "index"].includes(partOf(each.from) ?? "");
  });
  expect(values.filter(({ what }) => !/^type\b/.test(what)).map(tell)).toEqual([]);
});

test("a part imports only the packages which it may know", () => {
  const others = IMPORTS.filter((each) => {
    if (targetOf(each) !== null) return false;
    const allowed = PACKAGES[each.source.split("/")[0] ?? ""];
    return allowed !== "all" && !allowed?.includes(partOf(each.from) ?? "");
  });
  expect(others.map(tell)).toEqual([]);
});

test("zod is imported in the form of which a bundler leaves out most", () => {
  const others = IMPORTS.filter(({ source, what }) => {
    if (source === "zod/v4/core") return !/^(?:type )?\{ \$ZodError \}$/.test(what);
    return source.startsWith("zod") && !/^zod\/mini (?:type )?\* as z$/.test(`${source} ${what}`);
  });
  expect(others.map(tell)).toEqual([]);
});

test("a connector imports no other connector", () => {
  const others = IMPORTS.filter((each) => {
    const target = targetOf(each) ?? "";
    const from = relative(SRC, each.from);
    return (
      from.startsWith("connectors/") &&
      from !== "connectors/index.ts" &&
      partOf(target) === "connectors" &&
      !GROUNDWORK.includes(basename(target))
    );
  });
  expect(others.map(tell)).toEqual([]);
});

test("a connector knows neither KV nor a Durable Object nor a route", () => {
  const known = FILES.filter((name) => name.startsWith("connectors/")).filter((name) =>
    /\b(?:KVNamespace|DurableObject\w*|SqlStorage|Hono|ledger\/)/.test(
      readFileSync(join(SRC, name), "utf8"),
    ),
  );
  expect(known).toEqual([]);
});

test("hono and zod are all that the Worker takes along", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(Object.keys(dependencies)).toEqual(["hono", "zod"]);
});

test("tests start programs through child.ts, which ends them", () => {
  const folder = join(ROOT, "test");
  const others = globSync("**/*.test.ts", { cwd: folder, exclude: ["**/node_modules"] }).filter(
    (name) => readFileSync(join(folder, name), "utf8").includes("child_process"),
  );
  expect(others).toEqual(["architecture.test.ts"]);
});

test("files and folders are named in kebab-case", () => {
  const odd = FILES.filter(
    (name) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(name),
  );
  expect(odd).toEqual([]);
});

test("no folder is called after nothing", () => {
  const vague = FILES.filter((name) =>
    /(?:^|\/)(?:utils?|helpers?|common|misc|lib|shared)(?:\/|\.ts$)/.test(name),
  );
  expect(vague).toEqual([]);
});

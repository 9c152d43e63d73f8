import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** The parts of `src`, the lowest first: each imports only from those before it. */
const LAYERS = [
  "failure",
  "hresult",
  "limited-body",
  "log",
  "picture",
  "ticket",
  "time-limit",
  "version",
  "env",
  "webhook",
  "scanner",
  "screenshots",
  "catalog",
  "comment",
  "connectors",
  "enrichment",
  "ledger",
  "worker",
  "index",
];

/** Packages, and the parts which may know them. */
const PACKAGES: Readonly<Record<string, readonly string[] | "all">> = {
  zod: "all",
  hono: ["worker"],
  "cloudflare:workers": ["ledger", "screenshots"],
  "cloudflare:durable-objects": ["ledger"],
  "tesseract.js-core": ["screenshots"],
};

interface Import {
  readonly from: string;
  readonly what: string;
  readonly source: string;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\b(?<what>[^;"']*?)\bfrom\s*["'](?<source>[^"']+)["']/g;
const BARE =
  /(?:^|\n)\s*import\s*["'](?<source>[^"']+)["']|\bimport\(\s*["'](?<source2>[^"']+)["']/g;

function importsOf(folder: string): Import[] {
  return globSync("**/*.{ts,tsx}", { cwd: folder })
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
const FILES = globSync("**/*.{ts,tsx}", { cwd: SRC }).sort();

/** The part that a file of `src` belongs to; null for a file elsewhere. */
function partOf(path: string) {
  const [first = ""] = relative(SRC, path).split("/");
  return first === ".." ? null : first.replace(/\.tsx?$/, "");
}

function targetOf({ from, source }: Import) {
  return source.startsWith(".") ? resolve(dirname(from), source) : null;
}

function tell({ from, what, source }: Import) {
  return `${relative(ROOT, from)}: ${what} from "${source}"`;
}

test("the list of layers names every part, and only parts that are there", () => {
  const parts = new Set(FILES.map((name) => partOf(join(SRC, name))));
  expect([...LAYERS].sort()).toEqual([...parts].sort());
});

test("all imports are read", () => {
  expect(IMPORTS.length).toBeGreaterThan(100);
  const keywords = FILES.flatMap((name) => [
    ...readFileSync(join(SRC, name), "utf8").matchAll(
      /^(?:import|export .* from|\} from)\b|\bimport\(/gm,
    ),
  ]).filter(([line]) => /^(?:import|export)/.test(line));
  expect(IMPORTS).toHaveLength(keywords.length);
});

test("a part imports only from the layers below it", () => {
  const upward = IMPORTS.filter((each) => {
    const part = partOf(each.from) ?? "";
    const target = targetOf(each);
    const to = target && partOf(target);
    return to && to !== part && LAYERS.indexOf(to) > LAYERS.indexOf(part);
  });
  expect(upward.map(tell)).toEqual([]);
});

test("no file imports itself, whatever the way round", () => {
  const targets = Map.groupBy(IMPORTS, ({ from }) => from);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0)
      circles.push([...path.slice(at), file].map((each) => relative(SRC, each)).join(" -> "));
    if (at >= 0 || done.has(file)) return;
    for (const each of targets.get(file) ?? []) {
      const target = targetOf(each);
      if (target !== null) visit(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test("src imports nothing from outside src", () => {
  const strays = IMPORTS.filter((each) => {
    const target = targetOf(each);
    return target !== null && partOf(target) === null;
  });
  expect(strays.map(tell)).toEqual([]);
});

test("the routes know the ledger by its types and by the schema of its record only", () => {
  const record = join(SRC, "ledger", "record.ts");
  const values = IMPORTS.filter((each) => {
    const target = targetOf(each);
    const ledger = target !== null && target !== record && partOf(target) === "ledger";
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

/** The ticket system to which a file belongs: its file or its folder; null for what all share. */
function systemOf(path: string) {
  const [, system] = /^connectors\/systems\/([a-z-]+)/.exec(relative(SRC, path)) ?? [];
  return system ?? null;
}

test("a ticket system imports nothing of another one", () => {
  const others = IMPORTS.filter((each) => {
    const [from, to] = [systemOf(each.from), systemOf(targetOf(each) ?? "")];
    return from !== null && to !== null && from !== to;
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

test("hono and zod are all that the first Worker takes along, and the second one an engine", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(Object.keys(dependencies)).toEqual(["hono", "tesseract.js-core", "zod"]);
});

test("nothing of the second Worker is bundled with the first one", () => {
  const others = IMPORTS.filter((each) => {
    const target = targetOf(each);
    const isOfSecond = target !== null && partOf(target) === "screenshots";
    return isOfSecond && partOf(each.from) !== "screenshots";
  });
  expect(others.map(tell)).toEqual([]);
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
    (name) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.tsx?$/.test(name),
  );
  expect(odd).toEqual([]);
});

test("no folder is called after nothing", () => {
  const vague = FILES.filter((name) =>
    /(?:^|\/)(?:utils?|helpers?|common|misc|lib|shared)(?:\/|\.ts$)/.test(name),
  );
  expect(vague).toEqual([]);
});

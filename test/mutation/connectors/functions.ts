import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type FunctionNode,
  isFunction,
  type Node,
  nodesIn,
  parseSource,
  type Source,
} from "./syntax.ts";

/** What a connector does to a comment. Labels, markup and marker belong to the post. */
export const KINDS = ["post", "find", "edit", "visibility"] as const;
export type Kind = (typeof KINDS)[number];

/** The functions of a ticket system that are mutated, and what of it each does. */
export const METHODS: Readonly<Record<string, Kind>> = {
  postComment: "post",
  formFor: "post",
  setLabels: "post",
  labelFields: "post",
  mark: "post",
  findComment: "find",
  editComment: "edit",
  visibilityOf: "visibility",
  checkRights: "visibility",
  retract: "visibility",
};

/** A function of a connector, or one that it calls. */
export interface MutableFunction {
  readonly source: Source;
  readonly node: FunctionNode;
  readonly kind: Kind;
  /** Its name when it is a function of the ticket system itself. */
  readonly method: string | null;
}

/** A connector with the functions that post, find and edit its comments. */
export interface MutableConnector {
  readonly name: string;
  /** What it does, so that mutants of each are wanted. */
  readonly kinds: ReadonlySet<Kind>;
  readonly functions: readonly MutableFunction[];
}

/** Reads files, each of them once. */
export function createReader(): (file: string) => Source {
  const known = new Map<string, Source>();
  return (file) => {
    const source = known.get(file) ?? parseSource(file, readFileSync(file, "utf8"));
    known.set(file, source);
    return source;
  };
}

/** The connector that a file defines; null when it defines none. */
export function connectorIn(
  file: string,
  read: (file: string) => Source,
  root: string,
): MutableConnector | null {
  const source = read(file);
  const name = nameIn(source);
  if (name === null) return null;
  const methods = [...withImports(source, read, root)].flatMap(methodsIn);
  // The helpers of several methods count for the first of them.
  const found = new Map<Node, MutableFunction>();
  const add = (each: MutableFunction) => {
    if (found.has(each.node)) return;
    found.set(each.node, each);
    for (const callee of calleesOf(each, read, root)) add(callee);
  };
  for (const kind of KINDS) for (const each of methods) if (each.kind === kind) add(each);
  const kinds = new Set<Kind>(["post", ...methods.map(({ kind }) => kind)]);
  const hidesNothing = nodesIn(source.program).some(
    (node) =>
      isNamed(node, "internal") && node.value.type === "Literal" && node.value.value === false,
  );
  if (!hidesNothing) kinds.add("visibility");
  return { name, kinds, functions: [...found.values()] };
}

/** A file, and all files below `root` that it imports, directly or not. */
function withImports(
  source: Source,
  read: (file: string) => Source,
  root: string,
  known = new Set<Source>(),
): Set<Source> {
  if (known.has(source)) return known;
  known.add(source);
  for (const { from } of importsOf(source, root)) withImports(read(from), read, root, known);
  return known;
}

type ObjectProperty = Extract<Node, { readonly type: "Property"; readonly value: Expression }>;
type Expression = Extract<Node, { readonly type: "ConditionalExpression" }>["test"];

/** The `name` of what is handed to `defineConnector`. */
function nameIn({ program }: Source): string | null {
  const call = nodesIn(program).find(
    (node) =>
      node.type === "CallExpression" &&
      node.callee.type === "Identifier" &&
      node.callee.name === "defineConnector",
  );
  const name = call && nodesIn(call).find((node) => isNamed(node, "name"))?.value;
  return name?.type === "Literal" ? String(name.value) : null;
}

function methodsIn(source: Source): MutableFunction[] {
  return nodesIn(source.program).flatMap((node) => {
    if (node.type !== "Property" || node.key.type !== "Identifier") return [];
    const { name: method } = node.key;
    const kind = METHODS[method];
    return kind && isFunction(node.value) ? [{ source, node: node.value, kind, method }] : [];
  });
}

/** The functions that a function names, to call them or to hand them on. */
function calleesOf(
  { source, node, kind }: MutableFunction,
  read: (file: string) => Source,
  root: string,
): MutableFunction[] {
  const names = new Set(
    nodesIn(node).flatMap((each) => (each.type === "Identifier" ? [each.name] : [])),
  );
  const own = [...names].map((name) => ({ source, name }));
  const imported = importsOf(source, root)
    .filter(({ local }) => names.has(local))
    .map(({ from, name }) => ({ source: read(from), name }));
  return [...own, ...imported].flatMap(({ source: where, name }) => {
    const callee = functionNamed(where, name);
    return callee ? [{ source: where, node: callee, kind, method: null }] : [];
  });
}

function functionNamed({ program }: Source, name: string): FunctionNode | null {
  for (const node of nodesIn(program)) {
    if (node.type === "FunctionDeclaration" && node.id?.name === name) return node;
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier") continue;
    if (node.id.name === name && node.init && isFunction(node.init)) return node.init;
  }
  return null;
}

/** What a file imports from files in or below a folder. */
function importsOf({ file, program }: Source, root: string) {
  return program.body.flatMap((node) => {
    if (node.type !== "ImportDeclaration" || !node.source.value.startsWith(".")) return [];
    const from = join(dirname(file), node.source.value);
    if (!from.startsWith(root)) return [];
    return node.specifiers.flatMap((each) =>
      each.type === "ImportSpecifier" && each.imported.type === "Identifier"
        ? [{ from, local: each.local.name, name: each.imported.name }]
        : [],
    );
  });
}

function isNamed(node: Node, name: string): node is ObjectProperty {
  return node.type === "Property" && node.key.type === "Identifier" && node.key.name === name;
}

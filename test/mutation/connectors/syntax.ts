import { parseAst } from "vitest/node";

export type Program = ReturnType<typeof parseAst>;
export type Node = NonNullable<Program["body"][number]["parent"]>;
/** A function of any form. */
export type FunctionNode = Extract<Node, { readonly params: unknown[]; readonly body: unknown }>;

/** A file of TypeScript. */
export interface Source {
  /** Its path, as the operating system writes it. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
}

export function parseSource(file: string, text: string): Source {
  return { file, text, program: parseAst(text, { lang: "ts" }) };
}

/** The nodes directly within a node, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node)
    .filter(([name]) => name !== "parent")
    .flatMap(([, value]): unknown => value)
    .filter(isNode)
    .sort((a, b) => a.start - b.start);
}

/** A node with all nodes within it. */
export function nodesIn(node: Node): Node[] {
  return [node, ...childrenOf(node).flatMap(nodesIn)];
}

export function isFunction(node: Node): node is FunctionNode {
  return ["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"].includes(
    node.type,
  );
}

export function lineOf({ text }: Source, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

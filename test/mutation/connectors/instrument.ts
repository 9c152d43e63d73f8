import type { Kind, MutableConnector, MutableFunction } from "./functions.ts";
import { type Mutation, mutationsOf } from "./mutators.ts";
import { childrenOf, lineOf, type Node, type Source } from "./syntax.ts";

/** One change of a connector. */
export interface Mutant extends Omit<Mutation, "text"> {
  readonly connectors: readonly string[];
  readonly kind: Kind;
  readonly file: string;
  readonly line: number;
}

/** The functions of connectors with all their mutants, each behind a switch. */
export interface Instrumented {
  /** The switch of each is its place in this list: `isActiveMutant(7)`. */
  readonly mutants: readonly Mutant[];
  /** The text of each file that has mutants, by its path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a function answers that does nothing; others answer nothing. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  postComment: ["({ id: null })"],
  editComment: ["({})"],
  visibilityOf: ["undefined", '"internal"', '"public"'],
};

/** What decides who can read a comment, or tells it. */
const VISIBILITY = /visib|internal|public|private|hidden|show_to/i;

/** Puts all mutants of the connectors into the text of their files, each behind a switch. */
export function instrument(connectors: readonly MutableConnector[]): Instrumented {
  /** A function that connectors share counts for each of them. */
  const functions = new Map<Node, MutableFunction & { readonly connectors: string[] }>();
  for (const { name, functions: own } of connectors) {
    for (const each of own) {
      const known = functions.get(each.node);
      if (known) known.connectors.push(name);
      else functions.set(each.node, { ...each, connectors: [name] });
    }
  }
  const mutants: Mutant[] = [];

  /** Renders a node that stands in a mutable function. */
  function renderMutable(
    source: Source,
    node: Node,
    around: readonly Node[],
    owner: Owner,
  ): string {
    const original = source.text.slice(node.start, node.end);
    const add = (change: Omit<Mutation, "text">, kind?: Kind) => {
      const { connectors, kind: own } = owner;
      const byPiece = VISIBILITY.test(change.was) ? "visibility" : own;
      const line = lineOf(source, node.start);
      const { file } = source;
      mutants.push({ ...change, connectors, kind: kind ?? byPiece, file, line });
      return `isActiveMutant(${mutants.length - 1})`;
    };
    const either = (texts: readonly string[], rest: string, kind?: Kind) =>
      texts.reduce((otherwise, text) => {
        const isOn = add({ was: original, becomes: text }, kind);
        return `(${isOn} ? (${text}) : ${otherwise})`;
      }, `(${rest})`);

    /** The body of a function of the ticket system, which may also do nothing. */
    const orNothing = (body: string, method: string) => {
      const answers = ANSWERS[method] ?? ["undefined"];
      if (node.type !== "BlockStatement") {
        const promised = answers.map((each) => `Promise.resolve(${each})`);
        return either(owner.node.async ? answers : promised, body, owner.kind);
      }
      const exits = answers.map((each) => {
        return `if (${add({ was: original, becomes: each }, owner.kind)}) return ${each};`;
      });
      return `{ ${exits.join(" ")} ${body.slice(1)}`;
    };

    let text = renderChildren(source, node, around, owner);
    if (node.type === "ExpressionStatement" || node.type === "ThrowStatement") {
      return `{ if (!${add({ was: original, becomes: "" })}) ${text} }`;
    }
    for (const mutation of mutationsOf(node, { source, around })) {
      text = `(${add(mutation)} ? (${mutation.text}) : (${text}))`;
    }
    const [parent] = around;
    if (parent?.type === "IfStatement" && parent.test === node) {
      text = either(["true", "false"], text);
    }
    const isBody = parent === owner.node && owner.node.body === node;
    return isBody && owner.method !== null ? orNothing(text, owner.method) : text;
  }

  function render(source: Source, node: Node, around: readonly Node[], within?: Owner): string {
    const owner = functions.get(node) ?? within;
    return owner
      ? renderMutable(source, node, around, owner)
      : renderChildren(source, node, around, owner);
  }

  function renderChildren(
    source: Source,
    node: Node,
    around: readonly Node[],
    owner: Owner | undefined,
  ) {
    let text = "";
    let at = node.start;
    for (const child of childrenOf(node).filter((each) => isExpressionOf(node, each))) {
      text += source.text.slice(at, child.start);
      text += render(source, child, [node, ...around], owner);
      at = child.end;
    }
    return text + source.text.slice(at, node.end);
  }

  const sources = new Set([...functions.values()].map(({ source }) => source));
  const texts = [...sources].map((each): [string, string] => [
    each.file,
    render(each, each.program, []),
  ]);
  return { mutants, texts: new Map(texts) };
}

type Owner = MutableFunction & { readonly connectors: readonly string[] };

/** Expressions beside which a type stands. */
const TYPED = ["TSAsExpression", "TSSatisfiesExpression"];

/** Whether a part of a node is one that can be replaced, or has such parts: no name and no type. */
function isExpressionOf(parent: Node, node: Node): boolean {
  if (node.type.startsWith("TS") && !TYPED.includes(node.type)) return false;
  if (node.type === "TemplateElement") return false;
  switch (parent.type) {
    case "Property":
      return parent.value === node && !parent.shorthand;
    case "VariableDeclarator":
      return parent.init === node;
    case "MemberExpression":
      return parent.object === node;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return parent.expression === node;
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
    case "CatchClause":
      return parent.body === node;
    case "ImportDeclaration":
    case "TaggedTemplateExpression":
      return false;
    default:
      return true;
  }
}

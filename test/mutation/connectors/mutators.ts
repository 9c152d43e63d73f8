import { isFunction, type Node, type Source } from "./syntax.ts";

/** A change of one node. */
export interface Mutation {
  /** The text of the node, changed. */
  readonly text: string;
  /** The piece of it that is changed, and what it becomes: "" when it is left out. */
  readonly was: string;
  readonly becomes: string;
}

/** Where a node stands. */
export interface Place {
  readonly source: Source;
  /** The nodes around it, the innermost first. */
  readonly around: readonly Node[];
}

/** The changes of an expression; of each, the scope is that node alone. */
export function mutationsOf(node: Node, place: Place): Mutation[] {
  const { source, around } = place;
  const textOf = (each: Node) => source.text.slice(each.start, each.end);
  const become = (...texts: string[]) =>
    texts.map((text) => ({ text, was: textOf(node), becomes: text }));
  switch (node.type) {
    case "Literal":
      return become(...otherValues(node.value, place));
    case "TemplateLiteral":
      return isSentence(place) ? [] : withoutParts(node, source);
    case "ObjectExpression":
      return node.properties.map((each) => withoutItem(node, each, source));
    case "ArrayExpression":
      return node.elements.flatMap((each) => (each ? [withoutItem(node, each, source)] : []));
    case "BinaryExpression": {
      const [left, right] = [textOf(node.left), textOf(node.right)];
      const others = OTHER_OPERATORS[node.operator] ?? [];
      return become(...others.map((operator) => `${left} ${operator} ${right}`));
    }
    case "LogicalExpression":
      return become(textOf(node.left), textOf(node.right));
    case "ConditionalExpression":
      return become(textOf(node.consequent), textOf(node.alternate));
    case "UnaryExpression":
      return node.operator === "!" ? become(textOf(node.argument)) : [];
    case "ArrowFunctionExpression":
      return isPredicate(node, around) ? become("() => true", "() => false") : [];
    case "ChainExpression":
      return become(textOf(node).replace(/\?\.(?=([([]?))/, (_, call) => (call ? "" : ".")));
    case "CallExpression":
      return become(...otherCalls(node, place));
    default:
      return [];
  }
}

const OTHER_OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  ">": [">=", "<"],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
};

function otherValues(value: unknown, place: Place): string[] {
  if (typeof value === "boolean") return [`${!value}`];
  if (typeof value === "number") return [`${value + 1}`];
  return typeof value === "string" && value !== "" && !isSentence(place) ? ['""'] : [];
}

/** Whether a text explains a failure to a person. */
function isSentence({ around }: Place) {
  return around.some(({ type }) => type === "ThrowStatement");
}

function leaveOut(node: Node, start: number, end: number, { text }: Source): Mutation {
  return {
    text: text.slice(node.start, start) + text.slice(end, node.end),
    was: text.slice(start, end),
    becomes: "",
  };
}

/** A list or an object without one of its items. */
function withoutItem(node: Node, item: Node, source: Source): Mutation {
  const comma = /^\s*,?/.exec(source.text.slice(item.end))?.[0].length ?? 0;
  return leaveOut(node, item.start, item.end + comma, source);
}

/** A template without each of its values, and without each text between them. */
function withoutParts(
  node: Extract<Node, { readonly type: "TemplateLiteral" }>,
  source: Source,
): Mutation[] {
  const values = node.expressions.map(({ start, end }) => ({
    start: source.text.lastIndexOf("${", start),
    end: source.text.indexOf("}", end) + 1,
  }));
  const texts = node.quasis.flatMap(({ value: { raw } }, index) => {
    const start = values[index - 1]?.end ?? node.start + 1;
    return /\w/.test(raw) ? [{ start, end: start + raw.length }] : [];
  });
  return [...values, ...texts].map(({ start, end }) => leaveOut(node, start, end, source));
}

/** Methods whose callback is no predicate. */
const NO_PREDICATE = /^(?:map|flatMap|then|catch|sort|reduce|replace)$/;

/** Whether a function is passed to a call as a predicate. */
function isPredicate(node: Node, [call]: readonly Node[]) {
  if (call?.type !== "CallExpression" || !isFunction(node)) return false;
  const { callee } = call;
  const name = callee.type === "MemberExpression" ? nameOf(callee.property) : nameOf(callee);
  const isShort = node.body?.type !== "BlockStatement" && node.params.length > 0;
  return isShort && !NO_PREDICATE.test(name);
}

/** Methods that return a changed version of an object. The mutant is the object as it was. */
const REMOVABLE_CALLS = /^(?:filter|sort|reverse|slice|flat|trim|replace|catch)$/;

function otherCalls(
  node: Extract<Node, { readonly type: "CallExpression" }>,
  { source, around }: Place,
): string[] {
  const textOf = (each: Node) => source.text.slice(each.start, each.end);
  const { callee } = node;
  if (callee.type === "MemberExpression") {
    // A part of an optional chain cannot be replaced.
    const isInChain = around.some(({ type }) => type === "ChainExpression");
    return REMOVABLE_CALLS.test(nameOf(callee.property)) && !isInChain
      ? [textOf(callee.object)]
      : [];
  }
  // Mutant: ignores the visibility that the ticket system reports.
  if (nameOf(callee) === "toVisibility") return ["toVisibility(true)"];
  const [id, isInternal, createdAt] = node.arguments;
  if (nameOf(callee) !== "toPosted" || !id || !isInternal) return [];
  const withoutTime = `toPosted(${textOf(id)}, ${textOf(isInternal)})`;
  return [`toPosted(${textOf(id)}, true)`, ...(createdAt ? [withoutTime] : [])];
}

function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : "";
}

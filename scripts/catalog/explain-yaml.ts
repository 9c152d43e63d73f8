import { type Document, type Node, visit, type YAMLError } from "yaml";

/** A place in a file that is invalid YAML, or that YAML reads in an unexpected way. */
export interface Slip {
  /** Where it begins, in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
}

/**
 * Explains the YAML errors of a file to a person: at most one for each line, and none that only
 * follows from an earlier error.
 */
export function explainYaml(document: Document.Parsed, text: string): Slip[] {
  const lines = new Set<number>();
  let isLost = false;
  return [...errorsOf(document, text), ...misreadings(document)]
    .sort((a, b) => a.offset - b.offset)
    .filter(({ offset, losesPlace, mayFollow }) => {
      const line = text.lastIndexOf("\n", offset - 1);
      if (lines.has(line) || (isLost && mayFollow)) return false;
      lines.add(line);
      isLost ||= losesPlace;
      return true;
    });
}

interface FoundSlip extends Slip {
  /** After this error the parser may have lost its place. */
  readonly losesPlace: boolean;
  /** This error may only be the consequence of such an error. */
  readonly mayFollow: boolean;
}

function errorsOf({ errors, warnings }: Document.Parsed, text: string): FoundSlip[] {
  return [...errors, ...warnings].map((error) => {
    const losesPlace = LOSING.has(error.code) || /in YAML stream|closing/.test(error.message);
    const [offset] = error.pos;
    return { offset, message: explain(error, text), losesPlace, mayFollow: losesPlace };
  });
}

const LOSING: ReadonlySet<string> = new Set([
  "BAD_INDENT",
  "BLOCK_AS_IMPLICIT_KEY",
  "MULTILINE_IMPLICIT_KEY",
  "TAB_AS_INDENT",
]);

const QUOTE_IT = "needs quotes around it";

const SENTENCES: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE:
    'between "…" a backslash is written twice: "C:\\\\Windows"; or write it between \'…\'',
  BAD_SCALAR_START: `a text that begins with a special character ${QUOTE_IT}`,
  BLOCK_IN_FLOW: `a comma is missing before the next key, or a text with a colon in it ${QUOTE_IT}`,
  DUPLICATE_KEY: "this key stands twice in its group; keep one of them",
  MULTIPLE_DOCS: "the line --- begins a second topic; each topic has a file of its own",
  TAB_AS_INDENT: "the line is indented with a tab; use blanks",
  TAG_RESOLVE_FAILED: `a text that begins with ! ${QUOTE_IT}`,
};

function explain({ code, message, pos: [offset] }: YAMLError, text: string): string {
  switch (code) {
    case "BAD_INDENT":
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return explainLayout(code, message, text, offset);
    case "MISSING_CHAR":
      if (message.includes("closing")) return "the quote that ends this text is missing";
      if (message.includes("between")) return "a comma is missing before this";
      return "the colon behind this key is missing";
    case "UNEXPECTED_TOKEN":
      return explainToken(text.charAt(offset), message);
    default: {
      const [first = ""] = message.split(/ at line|\n/);
      return SENTENCES[code] ?? `the file cannot be read here: ${first}`;
    }
  }
}

/** Explains wrong indentation: the parser reports the first line that it does not expect. */
function explainLayout(code: string, message: string, text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const [line = ""] = text.slice(start).split("\n", 1);
  if (/^ *[^\S \t\r]/.test(line)) {
    return "the line begins with blanks of another kind, full-width or copied from a web page; type them anew";
  }
  if (/[\]}]/.test(text.charAt(offset))) return tooMany(text.charAt(offset));
  const [, unclosed] = /end with an? ([\]}])/.exec(message) ?? [];
  if (unclosed !== undefined) return `a ${unclosed} is missing at the end of the line before`;
  if (/^[^:"']*：/.test(line)) return "the colon is full-width; write : and a blank behind it";
  if (/^\s*(?:- )?[\w-]+:\S/.test(line)) return "a blank is missing behind the colon";
  if (code === "BLOCK_AS_IMPLICIT_KEY") {
    if (/:\s.*:\s/.test(line)) return `a text with a colon in it ${QUOTE_IT}`;
    return "the next line is indented deeper than this one; give both the same number of blanks";
  }
  if (code === "MULTILINE_IMPLICIT_KEY") {
    return "the colon behind this key is missing, or a text is not closed above";
  }
  return "the line is indented otherwise than its neighbours; give them the same number of blanks";
}

function tooMany(character: string) {
  return `there is a ${character} too many`;
}

function explainToken(character: string, message: string): string {
  if (character === ",") return "there is a comma too many";
  if (character === "]" || character === "}") return tooMany(character);
  if (message.includes("block-seq-ind")) {
    return "a list begins on the line below its key, or is written as [a, b]";
  }
  if (message.includes("Not a YAML token")) return `a text that begins with | or > ${QUOTE_IT}`;
  if (message.includes("node end")) {
    return `a text goes on behind its closing quote; a text with quotes in it ${QUOTE_IT} as a whole`;
  }
  return "a comma is missing before this, or something stands here that does not belong";
}

/** Finds valid YAML that silently loses characters of a text. */
function misreadings(document: Document.Parsed): FoundSlip[] {
  const slips: FoundSlip[] = [];
  const say = (node: Node, message: string, losesPlace = false) =>
    slips.push({ offset: node.range?.[0] ?? 0, message, losesPlace, mayFollow: false });
  const anchors = new Set<string>();
  visit(document, {
    Alias(_, alias) {
      if (!anchors.has(alias.source)) say(alias, `a text that begins with * ${QUOTE_IT}`);
    },
    Collection(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Scalar(_, scalar) {
      if (scalar.anchor !== undefined) say(scalar, `a text that begins with & ${QUOTE_IT}`);
      // The lost rest of the line may include a closing bracket.
      if (/^\S/.test(scalar.comment ?? "")) {
        say(scalar, `a # behind a blank begins a comment; a text with # in it ${QUOTE_IT}`, true);
      }
    },
  });
  return slips;
}

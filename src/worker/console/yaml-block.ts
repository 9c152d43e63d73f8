import type { Words } from "./words/en.ts";

/** A file of the catalog, ready to be saved and completed. */
export interface YamlBlock {
  /** `catalog.local/windows-update.yaml`. */
  readonly file: string;
  readonly text: string;
}

/**
 * Writes a file of one's own catalog folder that lists a code. It passes `catalog -- check` as it
 * stands, so that only its sentences are left to be replaced.
 *
 * @param topic The topic to which the code belongs by its number; null for a topic of one's own.
 * @param language A language tag, under which the sentences stand.
 */
export function yamlBlock(
  code: string,
  topic: string | null,
  words: Words["backlog"],
  language: string,
): YamlBlock {
  const digits = code.slice(2).toLowerCase();
  const step = `first-step-${digits}`;
  const ownTopic = `title: { ${language}: ${quote(words.topicTitle)} }
signs:
  strong: { ${language}: [${quote(words.sign)}] }
`;
  return {
    file: `catalog.local/${topic ?? `own-${digits}`}.yaml`,
    text: `${topic === null ? ownTopic : ""}steps:
  ${step}:
    risk: none
    who: agent
    ${language}: [${quote(words.step)}]
codes:
  ${quote(code)}:
    meaning: { ${language}: ${quote(words.meaning)} }
    cases:
      - cause: { ${language}: ${quote(words.cause)} }
        steps: [${step}]
`,
  };
}

/** A YAML string in double quotes is written as in JSON. */
function quote(text: string) {
  return JSON.stringify(text);
}

import type { Hresult } from "../hresult/hresult.ts";
import { createSignMatcher, type SignMatcher } from "./signs.ts";
import { LocalText, type Manifest, Topic, Topics } from "./stored.ts";
import { readItems, readOnce, type Values } from "./values.ts";

/** The topics of one catalog version, prepared for scans. */
export interface LoadedTopics {
  readonly topics: Readonly<Record<string, Topic>>;
  readonly findSigns: SignMatcher;
  /** The topic that owns the beginning of a code; null when none does. */
  topicOf(code: Hresult): string | null;
  /** The product that reports codes with such a beginning; null when it is not known. */
  productOf(code: Hresult): LocalText | null;
}

/** Topics that were read, by key. They never change. Null for an unusable value. */
export interface TopicMemory {
  readonly topics: Map<string, LoadedTopics | null>;
}

const NO_TOPICS: LoadedTopics = {
  topics: {},
  findSigns: () => ({ evidence: [], conditions: [] }),
  topicOf: () => null,
  productOf: () => null,
};

/**
 * Reads the topics of a catalog version, once. An unusable value counts as no topics.
 *
 * @throws {Failure} `catalog_unavailable` when they cannot be read now.
 */
export async function readTopics(
  kv: Values,
  { topics: key }: Manifest,
  memory: TopicMemory,
): Promise<LoadedTopics> {
  const loaded = await readOnce(kv, key, memory.topics, (value) => {
    const stored = Topics.parse(value);
    const topics = readItems(Topic, stored.topics, key);
    const products = readItems(LocalText, stored.products, key);
    const facilities = Object.fromEntries(
      Object.entries(topics).flatMap(([name, topic]) =>
        topic.facilities.map((facility) => [facility, name] as const),
      ),
    );
    return {
      topics,
      findSigns: createSignMatcher({ topics, conditions: stored.conditions }),
      topicOf: (code: Hresult) => longestBeginning(facilities, code),
      productOf: (code: Hresult) => longestBeginning(products, code),
    };
  });
  for (const other of memory.topics.keys()) if (other !== key) memory.topics.delete(other);
  return loaded ?? NO_TOPICS;
}

/** The value for the longest listed beginning of a code; null when none is listed. */
function longestBeginning<T>(list: Readonly<Record<string, T>>, code: Hresult): T | null {
  for (let length = code.length; length > 2; length--) {
    const found = list[code.slice(0, length)];
    if (found !== undefined) return found;
  }
  return null;
}

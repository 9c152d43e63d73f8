/** How often deliveries got each answer, such as `{ ignored: 3, signature_mismatch: 1 }`. */
export type AnswerCounts = Readonly<Record<string, number>>;

/**
 * The counts of this isolate that no ledger has taken over yet, by connector. A rejected delivery
 * makes no call of the ledger, so a flood of forged ones wakes no Durable Object.
 */
const pending = new Map<string, Record<string, number>>();

/** Counts a delivery that was answered without the ledger. */
export function countAnswer(connector: string, answer: string, by = 1): void {
  const counts = pending.get(connector) ?? {};
  counts[answer] = (counts[answer] ?? 0) + by;
  pending.set(connector, counts);
}

/**
 * Passes the pending counts of a connector to `save`, and forgets them once that succeeded. When
 * `save` fails, the counts stay for the next time.
 */
export async function flushAnswerCounts<T>(
  connector: string,
  save: (counts: AnswerCounts) => Promise<T>,
): Promise<T> {
  const counts = pending.get(connector) ?? {};
  pending.delete(connector);
  try {
    return await save(counts);
  } catch (error) {
    for (const [answer, count] of Object.entries(counts)) countAnswer(connector, answer, count);
    throw error;
  }
}

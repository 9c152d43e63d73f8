/** How deliveries were answered that came to no ledger: by connector, then by answer. */
export type Answers = Readonly<Record<string, number>>;

/** Kept by this isolate until a ledger takes it along, so that a forged delivery costs no call. */
const tallies = new Map<string, Record<string, number>>();

/** Counts a delivery which went to no ledger. */
export function countAnswer(connector: string, answer: string, by = 1): void {
  const tally = tallies.get(connector) ?? {};
  tally[answer] = (tally[answer] ?? 0) + by;
  tallies.set(connector, tally);
}

/** Hands over what was counted to someone who keeps it; takes it back when that fails. */
export async function handOver<T>(
  connector: string,
  keep: (answers: Answers) => Promise<T>,
): Promise<T> {
  const answers = tallies.get(connector) ?? {};
  tallies.delete(connector);
  try {
    return await keep(answers);
  } catch (error) {
    for (const [answer, count] of Object.entries(answers)) countAnswer(connector, answer, count);
    throw error;
  }
}

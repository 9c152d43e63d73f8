import { timingSafeEqual } from "node:crypto";
import { inject, type RunnerTestCase, TestRunner } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The mutants that each test covers, by the id of the test; empty in the first run. */
    readonly coveredBy: Readonly<Record<string, readonly number[]>>;
  }
  interface TaskMeta {
    /** The mutants whose code a test ran. */
    covered?: number[];
    /** The mutants with which the test failed. */
    killed?: number[];
  }
}

/** A mutant that runs more often is in a loop without end. */
const MAX_HITS = 10_000;

/** The active mutant; null while the code is as it was written. */
let active: number | null = null;
let hits = 0;
const covered = new Set<number>();
const killed = new Set<number>();

Object.assign(globalThis, {
  isActiveMutant(id: number) {
    covered.add(id);
    if (id !== active) return false;
    hits++;
    if (hits > MAX_HITS) throw new Error("a loop without end");
    return true;
  },
});
// Node does not have it, workerd does.
Object.assign(crypto.subtle, { timingSafeEqual });

/**
 * Runs each test without a mutant, then once with each mutant that it covers, then without one
 * again. A failure with a mutant kills it.
 */
export default class MutationRunner extends TestRunner {
  readonly #coveredBy = inject("coveredBy");
  #mutants: readonly number[] = [];

  override onBeforeRunTask(test: RunnerTestCase) {
    this.#mutants = this.#coveredBy[test.id] ?? [];
    test.repeats = this.#mutants.length + 1;
    covered.clear();
    return super.onBeforeRunTask(test);
  }

  override onBeforeTryTask(test: RunnerTestCase, options: { retry: number; repeats: number }) {
    active = this.#mutants[options.repeats - 1] ?? null;
    hits = 0;
    return super.onBeforeTryTask(test, options);
  }

  async runTask(test: RunnerTestCase) {
    const mutant = active;
    if (mutant !== null && killed.has(mutant)) return;
    try {
      await TestRunner.getTestFn(test)();
    } catch (error) {
      if (mutant === null) throw error;
      killed.add(mutant);
      test.meta.killed = [...(test.meta.killed ?? []), mutant];
    }
  }

  override onAfterRunTask(test: RunnerTestCase) {
    test.meta.covered = [...covered];
    return super.onAfterRunTask(test);
  }
}

import { timingSafeEqual } from "node:crypto";
import { inject, type RunnerTestCase, TestRunner } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The mutants that each test reaches, by its id; empty while that is found out. */
    readonly reachedBy: Readonly<Record<string, readonly number[]>>;
  }
  interface TaskMeta {
    /** The mutants that a test reached, without any of them on. */
    reached?: number[];
    /** The mutants that made a test fail. */
    noticed?: number[];
  }
}

/** A mutant that is reached more often is in a loop without end. */
const MAX_HITS = 10_000;

/** The mutant that is on. */
let current: number | null = null;
let hits = 0;
const reached = new Set<number>();
const noticed = new Set<number>();

Object.assign(globalThis, {
  isMutant(id: number) {
    reached.add(id);
    if (id !== current) return false;
    hits++;
    if (hits > MAX_HITS) throw new Error("a loop without end");
    return true;
  },
});
// Node does not have it, workerd does.
Object.assign(crypto.subtle, { timingSafeEqual });

/**
 * Runs each test twice without a mutant, and in between once for each mutant that it reaches. That a
 * test fails with a mutant is what is wanted.
 */
export default class MutationRunner extends TestRunner {
  readonly #reachedBy = inject("reachedBy");
  #mutants: readonly number[] = [];

  override onBeforeRunTask(test: RunnerTestCase) {
    this.#mutants = this.#reachedBy[test.id] ?? [];
    test.repeats = this.#mutants.length + 1;
    reached.clear();
    return super.onBeforeRunTask(test);
  }

  override onBeforeTryTask(test: RunnerTestCase, options: { retry: number; repeats: number }) {
    current = this.#mutants[options.repeats - 1] ?? null;
    hits = 0;
    return super.onBeforeTryTask(test, options);
  }

  async runTask(test: RunnerTestCase) {
    const mutant = current;
    if (mutant !== null && noticed.has(mutant)) return;
    try {
      await TestRunner.getTestFn(test)();
    } catch (error) {
      if (mutant === null) throw error;
      noticed.add(mutant);
      test.meta.noticed = [...(test.meta.noticed ?? []), mutant];
    }
  }

  override onAfterRunTask(test: RunnerTestCase) {
    test.meta.reached = [...reached];
    return super.onAfterRunTask(test);
  }
}

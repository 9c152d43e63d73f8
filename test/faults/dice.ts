import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Random choices that the seed repeats. */
export interface Dice {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True with a chance in percent. */
  percent(chance: number): boolean;
  pick<T>(all: readonly [T, ...T[]]): T;
}

/**
 * Creates random choices.
 *
 * @param name Makes the choices of one part of a run independent of those of another part.
 */
export function createDice(seed: number, name: string): Dice {
  const mixed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed);
  const generator = xoroshiro128plus(mixed);
  const between = (least: number, most: number) => uniformInt(generator, least, most);
  return {
    between,
    percent: (chance) => between(1, 100) <= chance,
    pick: (all) => all[between(0, all.length - 1)] ?? all[0],
  };
}

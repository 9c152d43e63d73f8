import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Chance that can be repeated. */
export interface Dice {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True in so many of a hundred cases. */
  percent(chance: number): boolean;
  pick<T>(all: readonly [T, ...T[]]): T;
}

/** @param name Keeps what one part of a run throws apart from what another does. */
export function openDice(seed: number, name: string): Dice {
  const mixed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed);
  const generator = xoroshiro128plus(mixed);
  const between = (least: number, most: number) => uniformInt(generator, least, most);
  return {
    between,
    percent: (chance) => between(1, 100) <= chance,
    pick: (all) => all[between(0, all.length - 1)] ?? all[0],
  };
}

import { toHresult } from "../hresult/hresult.ts";
import type { Neighbours } from "./adjacency.ts";
import { type Evidence, isBrief, standsAlone } from "./context-features.ts";
import { isInBase64, isOperand, objection } from "./exclusions.ts";
import { hasKnownFacility, isFilling, isPlausible, isRound } from "./facility-ranges.ts";
import type { Finding, Ignored } from "./finding.ts";
import { labelBefore } from "./labels.ts";
import { isForeign } from "./non-windows-errors.ts";
import type { Notation, Reading } from "./notation.ts";
import { after, before, holds } from "./pattern.ts";

/** `cued`: a word before it says that it is an error code. */
export type Judged = Finding & { readonly cued: boolean };
/** `settles`: it is something else, and so is the same number elsewhere, where no word says more. */
export type Refused = Ignored & { readonly settles?: boolean };

/** In decimal, numbers below this are near the smallest one of 32 bits, and stand for it. */
const NEAR_SMALLEST = 0x80000100;

/** What else of a text tells what a number in it is. */
export interface Context {
  readonly evidence: Evidence;
  readonly neighbours: Neighbours;
}

/** So near, the word "error" can mean nothing but the number, whatever its facility. */
const BESIDE = 3;

/** An HRESULT of any facility but the first, in which other systems number their errors, too. */
function isHresult(value: number) {
  return value >= 0x80010000 && value < 0x90000000;
}

/** Says of a number whether it is a code, from what stands around it. */
export function judge(
  text: string,
  reading: Reading,
  { evidence, neighbours }: Context,
): Judged | Refused {
  const { value, notation, start, end } = reading;
  const refuse = (reason: string): Refused => ({ notation, start, end, reason });
  const accept = (isUnsure: boolean, cued: boolean): Judged => ({
    code: toHresult(value),
    notation,
    start,
    end,
    weak: isUnsure || isRound(value),
    cued,
  });
  if (notation === "win32") return accept(false, true);
  if (value < 0x80000000) return refuse("a success or information value");
  if (isFilling(value.toString(16).toUpperCase())) return refuse("a pattern, not a code");
  if (isForeign(text, value, start, end)) return refuse("a number of another system");
  if (isOperand(text, start)) return refuse("an operand");
  if (notation === "hex_bare" && isInBase64(text, start, end)) return refuse("a part of Base64");
  const { label, distance } = labelBefore(text, start) ?? { label: null, distance: 0 };
  if (label === "other") return { ...refuse("labelled as another number"), settles: true };
  if (isExtendedBare(text, reading)) {
    return label === null ? refuse("16 hex digits instead of 8") : accept(true, true);
  }
  if (neighbours.isSecondSpelling(reading)) return accept(!hasKnownFacility(value), true);
  if (label === "code") return accept(!isPrefixed(notation) && !hasKnownFacility(value), true);
  if (label === "error" && distance <= BESIDE && isPrefixed(notation) && isHresult(value)) {
    return accept(false, true);
  }
  if (label === "error" || neighbours.followsCode(reading)) {
    return accept(!hasKnownFacility(value), true);
  }

  if (isScode(text, reading)) return accept(false, true);
  if (isAnError(text, reading)) return accept(!hasKnownFacility(value), true);
  if (isAnyNumber(reading)) return refuse("no cue word beside it");
  const against = objection(text, start, end);
  if (against) return { ...refuse(against), settles: true };
  if (isPrefixed(notation)) {
    const alone = isBrief(text) || standsAlone(text, start, end);
    const plausible = alone
      ? hasKnownFacility(value)
      : isPlausible(value) && evidence.speaksOfFailure(start);
    return accept(!plausible, false);
  }
  return accept(!isUnmistakable(text, reading) || !evidence.speaksOfFailure(start), false);
}

function isPrefixed(notation: Notation) {
  return notation === "hex" || notation === "hex_split" || notation === "hex_vb";
}

/** Addresses in a kernel are written in the same way. */
function isExtendedBare(text: string, { notation, start }: Reading) {
  return notation === "hex_sign_extended" && /[fF]/.test(text.charAt(start));
}

const SCODE_BEFORE = before(/(?:None|'|\d), ?0, ?/);
const SCODE_AFTER = after(/\), ?(?:None|\d{1,4})\)/);

/** The innermost number of what Python shows of an error of COM. */
function isScode(text: string, { notation, start, end }: Reading) {
  if (notation !== "decimal_signed") return false;
  return holds(SCODE_BEFORE, text, start) && holds(SCODE_AFTER, text, end);
}

const ARTICLE_BEFORE = before(/\b(?:an?|the|this) /);
const ERROR_BEHIND = after(/ error\b/);

/** Whether the word stands behind it: "an 80180014 error". */
function isAnError(text: string, { notation, start, end }: Reading) {
  if (notation !== "hex_bare") return false;
  return holds(ARTICLE_BEFORE, text, start) && holds(ERROR_BEHIND, text, end);
}

/** Sizes, counts, addresses and marks are written in the same way. */
function isAnyNumber({ value, notation }: Reading) {
  if (notation === "decimal_unsigned" && value >= 0xc0000000) return true;
  return notation.startsWith("decimal") && value < NEAR_SMALLEST;
}

/** Written without `0x`, and yet hardly anything else in a text that speaks of a failure. */
function isUnmistakable(text: string, { value, notation, start, end }: Reading) {
  if (notation === "decimal_signed") return UNMISTAKABLE.includes(value >>> 16);
  return notation === "hex_bare" && /^CAA[1-9A-F][0-9A-F]{4}$/.test(text.slice(start, end));
}

/** Upper halves which no count below zero reaches by chance: .NET, device registration, Intune. */
const UNMISTAKABLE = [0x8013, 0x801c, 0x8018, 0x8024, 0x87d0, 0x87d1, 0x87d2, 0x87d3];

/** A place in a text: UTF-16 units, `end` not included. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A piece of a text: with the place that begins it, or without one. */
export interface Piece<T extends Place> {
  readonly text: string;
  readonly place: T | null;
}

/** Cuts a text at places. Of places that overlap the first one counts. */
export function cutAtPlaces<T extends Place>(text: string, places: readonly T[]): Piece<T>[] {
  const pieces: Piece<T>[] = [];
  let at = 0;
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    if (place.start < at || place.end > text.length) continue;
    pieces.push({ text: text.slice(at, place.start), place: null });
    pieces.push({ text: text.slice(place.start, place.end), place });
    at = place.end;
  }
  pieces.push({ text: text.slice(at), place: null });
  return pieces.filter((piece) => piece.text !== "");
}

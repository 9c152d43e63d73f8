/**
 * The UTF-16 unit at a place; 0 beyond either end. `charCodeAt` gives NaN there, and after the first
 * NaN the engine treats all units as floating-point numbers, which is several times slower.
 */
export function codeUnitAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
}

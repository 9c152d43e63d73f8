/**
 * What one language calls the things around a code. Words are matched whatever their case; a blank
 * in them stands for any white space or none. A dash before a word: it may also end a longer one,
 * as `error` ends `LastError`.
 */
export interface Language {
  /** Before a number, they make it an error code, whatever number it is: `error code`. */
  readonly codeCues: readonly string[];
  /** Before a number that can be one, they make it an error code: `error`, `failed`. */
  readonly cues: readonly string[];
  /** Near a number that can be one, they speak of a failure: `crash`, `cannot`. */
  readonly failures: readonly string[];
  /** Before a Win32 number in decimal: `system error` in "system error 5". */
  readonly win32Cues: readonly string[];
  /** What Windows says of a Win32 error where Linux says it in other words: `access is denied`. */
  readonly windowsSayings: readonly string[];
  /** Before a number, they make it something else: `time stamp`, `phone`. */
  readonly otherNumbers: readonly string[];
}

/**
 * The keywords of one language. They match in any case. A blank within a keyword matches white
 * space, an underscore, a dash, or nothing. A leading dash allows the keyword to end a longer word,
 * as `error` ends `LastError`.
 */
export interface Language {
  /** Before a number: it is an error code, whatever its facility: `error code`. */
  readonly codeKeywords: readonly string[];
  /** Before or after a number of a known facility: it is an error code: `error`, `failed`. */
  readonly errorKeywords: readonly string[];
  /** Near a number of a known range: it is an error code: `crash`, `cannot`. */
  readonly failureWords: readonly string[];
  /** Before a small decimal number: it is a Win32 error: `system error` in "system error 5". */
  readonly win32Keywords: readonly string[];
  /** The first words of the Windows message for a Win32 error: `access is denied`. */
  readonly windowsMessages: readonly string[];
  /** Before a number: it is a technical number, not an error code: `time stamp`, `offset`. */
  readonly machineNumbers: readonly string[];
  /** The same, unless the keyword is a noun in a sentence: `address`, `port`. */
  readonly fieldNames: readonly string[];
  /**
   * Before a number without `0x`: it counts or identifies goods or people: `order`, `phone`. Also
   * anywhere near a number of decimal digits, if the text does not mention a failure.
   */
  readonly everydayNumbers: readonly string[];
  /** Before a number without `0x`: it is an attribute of software or of an account: `version`. */
  readonly attributeNumbers: readonly string[];
  /** Before a field name: it stands in a sentence: `this` in "cannot print on this port". */
  readonly determiners: readonly string[];
  /** Before the word for error: a small number is an error of VPN or RAS. */
  readonly vpnWords: readonly string[];
  /** Near a number: it may be a stop code, the number of a blue screen. */
  readonly stopWords: readonly string[];
  /** Near a number from 1601 to 1654: it is an error of Windows Installer. */
  readonly installerWords: readonly string[];
}

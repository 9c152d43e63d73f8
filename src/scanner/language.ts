/**
 * The keywords of one language. They match in any case. A blank within a keyword stands for any
 * white space, an underscore, a dash, or nothing. A dash in front says that the keyword may end a
 * longer word, as `error` ends `LastError`.
 */
export interface Language {
  /** Before a number: it is an error code, whatever its facility: `error code`. */
  readonly codeKeywords: readonly string[];
  /** Before or behind a number of a known facility: it is an error code: `error`, `failed`. */
  readonly errorKeywords: readonly string[];
  /** Near a number of a known range: it is an error code: `crash`, `cannot`. */
  readonly failureWords: readonly string[];
  /** Before a small decimal number: it is a Win32 error: `system error` in "system error 5". */
  readonly win32Keywords: readonly string[];
  /** The first words of what Windows says of a Win32 error: `access is denied`. */
  readonly windowsMessages: readonly string[];
  /** Before a number: it is a number of a machine, and no error code: `time stamp`, `offset`. */
  readonly machineNumbers: readonly string[];
  /** The same, but in a sentence they are nouns and say nothing of the number: `address`, `port`. */
  readonly fieldNames: readonly string[];
  /**
   * Before a number without `0x`: it counts or names goods or people: `order`, `phone`. Elsewhere
   * near a number of decimal digits they say the same, where nothing speaks of a failure.
   */
  readonly everydayNumbers: readonly string[];
  /** Before a number without `0x`: it is an attribute of software or of an account: `version`. */
  readonly attributeNumbers: readonly string[];
  /** Before a field name: it stands in a sentence: `this` in "cannot print on this port". */
  readonly determiners: readonly string[];
  /** Before the word for error: a small number is one of VPN or RAS. */
  readonly vpnWords: readonly string[];
  /** Near a number: it may be a stop code, the number of a blue screen. */
  readonly stopWords: readonly string[];
  /** Near 1601 to 1654: they are errors of Windows Installer. */
  readonly installerWords: readonly string[];
}

import type { Rule } from "./rule.ts";

/** Small numbers: an error of Win32 only where the text says so. Most of them have no rule at all. */
export const WIN32_RULES: readonly Rule[] = [
  {
    id: "win32/http-status",
    verdict: "rejected",
    because: "a status of HTTP",
    when: [
      (f) => f.isOfHttp,
      (f) => !f.isSmallHex,
      (f) => f.speaksOfHttp || !f.isBehindWin32Keyword,
    ],
  },
  {
    id: "win32/errno",
    verdict: "rejected",
    because: "an errno, which other systems write in the same way",
    when: [
      (f) => OS_ERROR.test(f.before(16)),
      (f) =>
        PYTHON_OS_ERROR.test(f.before(16)) ||
        (f.value <= MAX_ERRNO && !f.isOnWindows && !f.hasMessageBehind),
    ],
  },
  {
    id: "win32/device-code",
    verdict: "rejected",
    because: "a code of the Device Manager",
    when: [(f) => !f.isSmallHex, (f) => f.value < 60, (f) => DEVICE_CODE.test(f.before(12))],
  },
  {
    id: "win32/other-product",
    verdict: "rejected",
    because: "a number of another product, which is named near it",
    when: [(f) => !f.isBehindWin32Keyword, (f) => OTHER_PRODUCTS.test(f.around(100))],
  },
  {
    id: "win32/stop-code",
    verdict: "rejected",
    because: "a stop code, the number of a blue screen",
    when: [
      (f) => f.isSmallHex,
      (f) => f.speaksOfStop || STOP_PARAMETERS.test(f.behind(8)) || STOP.test(f.before(16)),
    ],
  },
  {
    id: "win32/success",
    verdict: "rejected",
    because: "a success or information value",
    when: [(f) => f.isSmallHex, (f) => f.value === 1],
  },
  {
    id: "win32/keyword",
    verdict: "firm",
    because: 'a keyword such as "system error" names it',
    when: [(f) => f.isBehindWin32Keyword, (f) => !f.isSmallHex || f.hasEightDigits],
  },
  {
    id: "win32/event-insert",
    verdict: "firm",
    because: "two percent signs stand for a message of Windows",
    when: [(f) => !f.isSmallHex, (f) => f.before(2) === "%%"],
  },
  {
    id: "win32/eight-digits",
    verdict: "firm",
    because: "eight hex digits behind a keyword",
    when: [
      (f) => f.hasEightDigits,
      (f) => f.value <= MAX_WIN32,
      (f) => (f.isLabelled && !f.keyword?.isInName) || f.before(4).toLowerCase() === "gle=",
    ],
  },
  {
    id: "win32/printing",
    verdict: "firm",
    because: "eight hex digits in a text about printing: the spooler names Win32 errors so",
    when: [
      (f) => f.hasEightDigits,
      (f) => !f.isLabelledMachine,
      (f) => PRINTING.test(f.around(200)),
    ],
  },
  {
    id: "win32/twin",
    verdict: "firm",
    because: "the same number stands beside it in the other base, behind a keyword",
    when: [(f) => f.hasTwin, (f) => f.isLabelled],
  },
  {
    id: "win32/message",
    verdict: "firm",
    because: "what Windows says of the error stands beside it",
    when: [(f) => (f.hasMessageBehind && (f.isNearError || f.isSmallHex)) || f.isBehindMessage],
  },
  {
    id: "win32/sentence",
    verdict: "firm",
    because: "a function or a tool of Windows that failed is named before it",
    when: [(f) => f.isNamedBySentence],
  },
  {
    id: "win32/function-behind",
    verdict: "firm",
    because: "the function of Windows that failed is named behind it",
    when: [(f) => f.hasFunctionBehind, (f) => f.before(1) === "(" || f.isLabelled],
  },
  {
    id: "win32/own-range",
    verdict: "firm",
    because: "behind the word for error, and only Windows numbers its errors so high",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("error"),
      (f) => f.isNearError || f.hasKeywordBehind,
    ],
  },
  {
    id: "win32/installer",
    verdict: "firm",
    because: "a number of Windows Installer, and the text speaks of an installation",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("installer"),
      (f) => f.isNearError || f.hasKeywordBehind,
      (f) => f.speaksOfInstaller,
      (f) => !INSTALLER_MESSAGE.test(f.behind(24)),
    ],
  },
  {
    id: "win32/vpn",
    verdict: "firm",
    because: "words of VPN or remote access stand right before it",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("vpn") || f.isInWin32Range("error"),
      (f) => f.isLabelled,
      (f) => f.isBehindVpnWord,
      (f) => !OTHER_VPN.test(f.around(200)),
    ],
  },
  {
    id: "win32/directory",
    verdict: "firm",
    because: "a number of the directory service or of replication, and the text speaks of them",
    when: [
      (f) => f.isInWin32Range("directory"),
      (f) => f.isLabelled || f.hasKeywordBehind || f.before(1) === "(",
      (f) =>
        DIRECTORY.test(f.around(300)) ||
        (DFSR_BEFORE.test(f.before(8)) && DFSR_BEHIND.test(f.behind(80))),
    ],
  },
  {
    id: "win32/dfsr",
    verdict: "tentative",
    because: "a sentence in brackets follows, as DFSR explains errors",
    when: [(f) => DFSR_BEFORE.test(f.before(8)), (f) => DFSR_BEHIND.test(f.behind(80))],
  },
  {
    id: "win32/dism",
    verdict: "firm",
    because: 'alone in its line behind "Error:", as DISM prints it',
    when: [
      (f) => !f.isSmallHex,
      (f) => ERROR_LINE.test(f.before(24)),
      (f) => DISM.test(f.around(400)),
    ],
  },
  {
    id: "win32/access-denied",
    verdict: "firm",
    because: '5 beside "access denied" is "Access is denied"',
    when: [
      (f) => f.value === 5,
      (f) => DENIED_BEFORE.test(f.before(24)) || DENIED_BEHIND.test(f.behind(24)),
      (f) => f.isLabelled || f.hasKeywordBehind || f.isSmallHex || ACCESS.test(f.before(24)),
    ],
  },
  {
    id: "win32/eight-digits-unnamed",
    verdict: "rejected",
    because: "a success or information value",
    when: [(f) => f.hasEightDigits],
  },
];

/** Windows numbers its Win32 errors up to some 16,000. */
const MAX_WIN32 = 0x3fff;
/** Above these, no errno of Linux is left. */
const MAX_ERRNO = 133;
const OS_ERROR = /(?:OSError|\bos.?error)\W{0,4}$/i;
const PYTHON_OS_ERROR = /OSError\W{0,4}$/;
const OTHER_PRODUCTS =
  /\b(?:ORA-|TNS|Oracle|SQLSTATE|MySQL|MariaDB|PostgreSQL|AADSTS|Adobe|Apple|iTunes)\b/i;
const DEVICE_CODE = /[(（](?:code|código|codice|kod|kód|код|コード|代码|代碼|코드)\s?$/i;
const STOP = /\bstop:?\s{0,2}$/i;
const STOP_PARAMETERS = /^\s?[([]\s?0x/i;
/** Messages that Windows Installer numbers itself: `Error 1606. Could not access network location`. */
const INSTALLER_MESSAGE = /^\s?[.:]\s{1,2}(?:could|unable|cannot)\b/i;
const OTHER_VPN =
  /cisco|anyconnect|forti|globalprotect|openvpn|pulse|sonicwall|check ?point|wireguard|juniper|palo alto/i;
const DIRECTORY =
  /replicat|domain|dcdiag|repadmin|active directory|ntds|dfsr?\b|\bfrs\b|\bldap\b|\bdns\b|\bdc\b|\bgpo?\b|connection id/i;
const ERROR_LINE =
  /(?:^|\n|\bdism\s)\s{0,4}(?:Error|Fehler|Erreur|エラー|错误|错誤|Errore|Ошибка|Erro|Fout)\s?[:：]\s?$/i;
const PRINTING =
  /printer|spooler|drucker|imprimant|impresor|impressor|stampant|印刷|プリンタ|打印|列印|인쇄|프린터|принтер|skrivar|skriver|yazıcı|drukark|tiskár/i;
const DFSR_BEFORE = /\berror: $/i;
const DFSR_BEHIND = /^ \([A-Z][a-z]*(?: [\w'-]+){2,}/;
const DISM = /\bdism\b|deployment image/i;
const DENIED_BEFORE = /denied\W{1,4}(?:error\W{1,3})?$/i;
const DENIED_BEHIND = /^\W{1,4}access denied/i;
const ACCESS = /acc?ess/i;

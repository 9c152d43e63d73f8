import type { Rule } from "./rule.ts";

/**
 * Rules for small numbers: Win32 errors only if the text says so. No rule applies to most of them.
 */
export const WIN32_RULES: readonly Rule[] = [
  {
    id: "win32/http-status",
    verdict: "rejected",
    because: "an HTTP status",
    when: [
      (f) => f.isHttpStatus,
      (f) => !f.isSmallHex,
      (f) => f.mentionsHttp || !f.followsWin32Keyword,
    ],
  },
  {
    id: "win32/errno",
    verdict: "rejected",
    because: "an errno, which other systems write the same way",
    when: [
      (f) => OS_ERROR.test(f.textBefore(16)),
      (f) =>
        PYTHON_OS_ERROR.test(f.textBefore(16)) ||
        (f.value <= MAX_ERRNO && !f.isFromWindows && !f.hasMessageAfter),
    ],
  },
  {
    id: "win32/device-code",
    verdict: "rejected",
    because: "a Device Manager code",
    when: [(f) => !f.isSmallHex, (f) => f.value < 60, (f) => DEVICE_CODE.test(f.textBefore(12))],
  },
  {
    id: "win32/other-product",
    verdict: "rejected",
    because: "a number of another product that is named near it",
    when: [(f) => !f.followsWin32Keyword, (f) => OTHER_PRODUCTS.test(f.textAround(100))],
  },
  {
    id: "win32/stop-code",
    verdict: "rejected",
    because: "a stop code, the number of a blue screen",
    when: [
      (f) => f.isSmallHex,
      (f) =>
        f.mentionsStopCode || STOP_PARAMETERS.test(f.textAfter(8)) || STOP.test(f.textBefore(16)),
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
    when: [(f) => f.followsWin32Keyword, (f) => !f.isSmallHex || f.hasEightDigits],
  },
  {
    id: "win32/security-insert",
    verdict: "rejected",
    because: "a text that the security log inserts, such as an access right",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.textBefore(2) === "%%",
      (f) => SECURITY_TEXTS.some(([from, to]) => f.value >= from && f.value <= to),
      (f) => !f.isLabelled,
    ],
  },
  {
    id: "win32/event-insert",
    verdict: "firm",
    because: "two percent signs before it stand for a Windows message",
    when: [(f) => !f.isSmallHex, (f) => f.textBefore(2) === "%%"],
  },
  {
    id: "win32/eight-digits",
    verdict: "firm",
    because: "eight hex digits after a keyword",
    when: [
      (f) => f.hasEightDigits,
      (f) => f.value <= MAX_WIN32,
      (f) => (f.isLabelled && !f.keyword?.isInName) || f.textBefore(4).toLowerCase() === "gle=",
    ],
  },
  {
    id: "win32/printing",
    verdict: "firm",
    because: "eight hex digits in a text about printing: the spooler names Win32 errors so",
    when: [
      (f) => f.hasEightDigits,
      (f) => !f.hasMachineKeyword,
      (f) => PRINTING.test(f.textAround(200)),
    ],
  },
  {
    id: "win32/twin",
    verdict: "firm",
    because: "the same number stands next to it in the other base, after a keyword",
    when: [(f) => f.hasTwin, (f) => f.isLabelled],
  },
  {
    id: "win32/message",
    verdict: "firm",
    because: "the Windows message for this error stands next to it",
    when: [
      (f) => (f.hasMessageAfter && (f.isNearErrorKeyword || f.isSmallHex)) || f.followsMessage,
    ],
  },
  {
    id: "win32/sentence",
    verdict: "firm",
    because: "the text before it names a Windows function or tool that failed",
    when: [(f) => f.followsFailedCall],
  },
  {
    id: "win32/function-behind",
    verdict: "firm",
    because: "the Windows function that failed is named after it",
    when: [(f) => f.hasFunctionAfter, (f) => f.textBefore(1) === "(" || f.isLabelled],
  },
  {
    id: "win32/own-range",
    verdict: "firm",
    because: "after the word for error, and only Windows numbers its errors so high",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("error"),
      (f) => f.isBesideErrorKeyword || SOCKET_ERROR.test(f.textBefore(32)),
    ],
  },
  {
    id: "win32/installer",
    verdict: "firm",
    because: "a number of Windows Installer, and the text mentions an installation",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("installer"),
      (f) => f.isBesideErrorKeyword || MSIEXEC.test(f.textBefore(80)),
      (f) => f.mentionsInstaller,
      (f) => !INSTALLER_MESSAGE.test(f.textAfter(24)),
    ],
  },
  {
    id: "win32/service",
    verdict: "firm",
    because: "a number of the service manager, and the text near it mentions a service",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("service"),
      (f) => f.isBesideErrorKeyword,
      (f) => SERVICE.test(f.textAround(200)),
    ],
  },
  {
    id: "win32/vpn",
    verdict: "firm",
    because: "words for VPN or remote access stand directly before it",
    when: [
      (f) => !f.isSmallHex,
      (f) => f.isInWin32Range("vpn") || f.isInWin32Range("error"),
      (f) => f.isLabelled,
      (f) => f.followsVpnWord,
      (f) => !OTHER_VPN.test(f.textAround(200)),
    ],
  },
  {
    id: "win32/directory",
    verdict: "firm",
    because: "a number of the directory service or of replication, and the text mentions them",
    when: [
      (f) => f.isInWin32Range("directory"),
      (f) => f.isLabelled || f.hasKeywordAfter || f.textBefore(1) === "(",
      (f) =>
        DIRECTORY.test(f.textAround(300)) ||
        (DFSR_BEFORE.test(f.textBefore(8)) && DFSR_AFTER.test(f.textAfter(80))),
    ],
  },
  {
    id: "win32/dfsr",
    verdict: "tentative",
    because: "a sentence in brackets follows it, as DFSR explains errors",
    when: [(f) => DFSR_BEFORE.test(f.textBefore(8)), (f) => DFSR_AFTER.test(f.textAfter(80))],
  },
  {
    id: "win32/dism",
    verdict: "firm",
    because: 'alone in its line after "Error:", as DISM prints it',
    when: [
      (f) => !f.isSmallHex,
      (f) => ERROR_LINE.test(f.textBefore(24)),
      (f) => DISM.test(f.textAround(400)),
    ],
  },
  {
    id: "win32/access-denied",
    verdict: "firm",
    because: '5 beside "access denied" is "Access is denied"',
    when: [
      (f) => f.value === 5,
      (f) => DENIED_BEFORE.test(f.textBefore(24)) || DENIED_AFTER.test(f.textAfter(24)),
      (f) => f.isLabelled || f.hasKeywordAfter || f.isSmallHex || ACCESS.test(f.textBefore(24)),
    ],
  },
  {
    id: "win32/eight-digits-unnamed",
    verdict: "rejected",
    because: "a success or information value",
    when: [(f) => f.hasEightDigits],
  },
];

/** Win32 errors go up to about 16,000. */
const MAX_WIN32 = 0x3fff;
/** The highest errno of Linux. */
const MAX_ERRNO = 133;
/**
 * Numbers of texts that the security log inserts, as Microsoft documents them for its events. Some
 * are Win32 errors, too.
 */
const SECURITY_TEXTS = [
  [1536, 1600], // rights to any object
  [1792, 1850], // reasons of an access, levels of impersonation
  [1904, 1938], // changes of values, elevation of tokens
  [2304, 2320], // reasons of failed logons
  [2432, 2500], // keys
  [4352, 4500], // rights to files and registry keys
  [14592, 14620], // directions and layers of the firewall
] as const;
/** The name of an error of sockets before its number: `WSAECONNRESET (10054)`. */
const SOCKET_ERROR = /\bWSA[A-Z_]{4,24}\W{1,3}$/;
/** The command of Windows Installer earlier in the line, and a verb before the number. */
const MSIEXEC =
  /\bmsiexec\b[^\n]{0,60}\b(?:gives|gave|exits|exits with|ends with|ended with|says) $/i;
const OS_ERROR = /(?:OSError|\bos.?error)\W{0,4}$/i;
const PYTHON_OS_ERROR = /OSError\W{0,4}$/;
const OTHER_PRODUCTS =
  /\b(?:ORA-|TNS|Oracle|SQLSTATE|MySQL|MariaDB|PostgreSQL|AADSTS|Adobe|Apple|iTunes)\b/i;
const DEVICE_CODE = /[(（](?:code|código|codice|kod|kód|код|コード|代码|代碼|코드)\s?$/i;
const STOP = /\bstop:?\s{0,2}$/i;
const STOP_PARAMETERS = /^\s?[([]\s?0x/i;
/**
 * Windows Installer has message numbers of its own: `Error 1606. Could not access network
 * location`.
 */
const INSTALLER_MESSAGE = /^\s?[.:]\s{1,2}(?:could|unable|cannot)\b/i;
const SERVICE =
  /\bservices?\b|dienst|servi[cz]i|serviço|служб|服務|服务|サービス|서비스|služb|usług|hizmet|tjenest|tjänst/i;
const OTHER_VPN =
  /cisco|anyconnect|forti|globalprotect|openvpn|pulse|sonicwall|check ?point|wireguard|juniper|palo alto/i;
const DIRECTORY =
  /replicat|domain|dcdiag|repadmin|active directory|ntds|dfsr?\b|\bfrs\b|\bldap\b|\bdns\b|\bdc\b|\bgpo?\b|connection id/i;
const ERROR_LINE =
  /(?:^|\n|\bdism\s)\s{0,4}(?:Error|Fehler|Erreur|エラー|错误|错誤|Errore|Ошибка|Erro|Fout)\s?[:：]\s?$/i;
const PRINTING =
  /printer|spooler|drucker|imprimant|impresor|impressor|stampant|印刷|プリンタ|打印|列印|인쇄|프린터|принтер|skrivar|skriver|yazıcı|drukark|tiskár/i;
const DFSR_BEFORE = /\berror: $/i;
const DFSR_AFTER = /^ \([A-Z][a-z]*(?: [\w'-]+){2,}/;
const DISM = /\bdism\b|deployment image/i;
const DENIED_BEFORE = /denied\W{1,4}(?:error\W{1,3})?$/i;
const DENIED_AFTER = /^\W{1,4}access denied/i;
const ACCESS = /acc?ess/i;

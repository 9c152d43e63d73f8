import { list } from "./languages/list.ts";
import { openWords } from "./phrase-matcher.ts";

/**
 * What a ticket shows of its situation.
 *
 * `windows-hello`: somebody creates, sets up or resets a Windows Hello PIN. One strong sign says so.
 * `device-registration`: the ticket agrees with the codes of device registration, and with no others.
 */
export type Context = "windows-hello" | "device-registration";

const PIN_ACTS = list(
  "create, creates, creating, set up, sets up, setting up, setup, reset, resetting, change",
  "changing, add, adding, configure, configuring, provision, provisioning, enroll, enrolling",
);
const PIN_OWNERS = ["", "a ", "the ", "my ", "your ", "his ", "her ", "their ", "a new ", "new "];
const PIN_EVENTS = list(
  "creation, setup, set up, reset, enrollment, enrolment, provisioning, registration",
);
const JAPANESE_ACTS = list("作成, 設定, 登録, 再設定, リセット, 変更, セットアップ, 追加, 発行");
const JAPANESE_PINS = ["pin", "pinコード", "暗証番号"];

/** Each names Windows Hello itself, or the act of making a PIN. */
const WINDOWS_HELLO = [
  ...list(
    "暗証番号, windows hello, windowshello, hello for business, whfb, hello pin, windows pin, ngc",
  ),
  ...list("setting up hello, set up hello, ngc container, passportforwork, my pin isn't available"),
  ...PIN_ACTS.flatMap((act) => PIN_OWNERS.map((owner) => `${act} ${owner}pin`)),
  ...PIN_EVENTS.map((event) => `pin ${event}`),
  ...JAPANESE_PINS.flatMap((pin) =>
    ["", "を", "の", "が", "も"].flatMap((particle) =>
      JAPANESE_ACTS.map((act) => `${pin} ${particle} ${act}`),
    ),
  ),
  ...list("pin einrichten, pin erstellen, pin zurücksetzen, pin ändern, pin anlegen"),
  ...list("créer un code pin, créer un pin, configurer un code pin, réinitialiser le code pin"),
  ...list("crear un pin, crear el pin, configurar un pin, restablecer el pin, criar um pin"),
  ...list("configurar um pin, redefinir o pin, creare un pin, impostare un pin, pin instellen"),
  ...list("pin maken, 设置 pin, 创建 pin, 重置 pin, 設定 pin, pin 설정, pin 만들기, pin 재설정"),
];

/** Words that agree with the registration of a device, but stand in other tickets, too. */
const DEVICE_REGISTRATION = list(
  "pin, sign in, sign-in, signing in, log on, logon, log in, login, passwordless, biometric",
  "fingerprint, face recognition, entra, azure ad, aad join, aadj, dsregcmd, device registration",
  "workplace join, domain join, hybrid join, enroll, enrol, autopilot, tpm, passkey, hello",
  "サインイン, サイン イン, ログオン, ログイン, 指紋, 顔認証, 生体認証, 参加, 登録",
  "anmelden, anmeldung, fingerabdruck, gesichtserkennung, geräteregistrierung, registrieren",
  "iniciar sesión, inicio de sesión, registro de dispositivos, connexion, se connecter",
  "code confidentiel, inscription, iniciar sessão, registro do dispositivo, accesso, accedere",
  "aanmelden, aanmelding, apparaatregistratie, logge på, logga in, вход, войти",
  "登录, 登入, 登錄, 注册设备, 设备注册, 加入, 로그인, 로그온, 장치 등록, 등록",
);

/** A word of Latin letters stands alone: "pin", but not "spinning". */
function signsOf(context: Context, signs: readonly string[]) {
  const words = openWords(
    signs.map((sign) => [sign, null] as const),
    (_, text, start, end) => {
      const isWithin = isLatin(text, start - 1) && isLatin(text, start);
      const goesOn = isLatin(text, end) && isLatin(text, end - 1);
      return !isWithin && !goesOn;
    },
  );
  return { context, words };
}

const SIGNS = [
  signsOf("windows-hello", WINDOWS_HELLO),
  signsOf("device-registration", DEVICE_REGISTRATION),
];

function isLatin(text: string, at: number) {
  const code = text.charCodeAt(at);
  return code >= 0x61 && code <= 0x7a;
}

/** A ticket says at its beginning what it is about; a log behind it mentions everything. */
const BEGINNING = 20_000;

/** Reads which situations the beginning of a ticket shows. */
export function contextsOf(title: string, text: string): Context[] {
  const beginning = `${title}\n${text.slice(0, BEGINNING)}`.toLowerCase();
  const found = SIGNS.filter(({ words }) => words.firstIn(beginning));
  return found.map(({ context }) => context);
}

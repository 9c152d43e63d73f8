/** The languages of the imitated dialogs. */
export type DialogLanguage = "en" | "ja" | "de";
type Words = Readonly<Record<DialogLanguage, string>>;

/** The look of a dialog, for which `page.ts` has a layout. */
export type Layout = "card" | "settings" | "message-box" | "terminal" | "blue-screen";

/** An imitation of what Windows shows when something fails. `{code}` stands for the code. */
export interface Dialog {
  readonly name: string;
  readonly layout: Layout;
  readonly title: Words;
  readonly lines: readonly Words[];
  readonly buttons?: readonly Words[];
  /** How the code is written; `0x…` where it is left out. */
  readonly notation?: "bare";
  /** It holds nothing that is a code. */
  readonly isEmpty?: true;
}

const same = (text: string): Words => ({ en: text, ja: text, de: text });
const CODE = { en: "Error code: {code}", ja: "エラー コード: {code}", de: "Fehlercode: {code}" };
const OK = same("OK");
const CANCEL = { en: "Cancel", ja: "キャンセル", de: "Abbrechen" };
const RETRY = { en: "Try again", ja: "再試行", de: "Erneut versuchen" };
const CLOSE = { en: "Close", ja: "閉じる", de: "Schließen" };
const SETTINGS = { en: "Settings", ja: "設定", de: "Einstellungen" };

export const DIALOGS: readonly [Dialog, ...Dialog[]] = [
  {
    name: "hello",
    layout: "card",
    title: {
      en: "Something went wrong",
      ja: "問題が発生しました",
      de: "Ein Problem ist aufgetreten",
    },
    lines: [
      {
        en: "Your PIN could not be set up. Try again, or set it up later.",
        ja: "PIN を設定できませんでした。もう一度試すか、後で設定してください。",
        de: "Ihre PIN wurde nicht eingerichtet. Versuchen Sie es jetzt oder später noch einmal.",
      },
      CODE,
    ],
    buttons: [RETRY, { en: "Skip for now", ja: "今はスキップする", de: "Überspringen" }],
  },
  {
    name: "first-start",
    layout: "card",
    notation: "bare",
    title: {
      en: "Something went wrong.",
      ja: "問題が発生しました。",
      de: "Etwas ist schiefgelaufen.",
    },
    lines: [
      {
        en: "Check your sign-in information and whether your organization uses this feature. Tell your system administrator the error code {code}.",
        ja: "サインイン情報と、組織がこの機能を使用していることを確認してください。システム管理者に次のエラー コードを伝えてください {code}.",
        de: "Prüfen Sie Ihre Anmeldedaten, und ob Ihre Organisation diese Funktion verwendet. Nennen Sie Ihrem Administrator den Fehlercode {code}.",
      },
    ],
    buttons: [RETRY, CANCEL],
  },
  {
    name: "update",
    layout: "settings",
    title: SETTINGS,
    lines: [
      same("Windows Update"),
      {
        en: "Updates could not be installed. If you look for help, this may be useful: ({code})",
        ja: "更新プログラムをインストールできませんでした。検索する場合は次の情報が役立ちます: ({code})",
        de: "Updates wurden nicht installiert. Bei der Suche nach Hilfe kann dies nützen: ({code})",
      },
      {
        en: "2025-11 Cumulative Update for x64-based Systems (KB5068861)   Install error - {code}",
        ja: "2025-11 x64 ベース システム用の累積更新プログラム (KB5068861)   インストール エラー - {code}",
        de: "2025-11 Kumulatives Update für x64-basierte Systeme (KB5068861)   Installationsfehler - {code}",
      },
    ],
  },
  {
    name: "update-history",
    layout: "settings",
    title: SETTINGS,
    lines: [
      { en: "Update history", ja: "更新の履歴", de: "Updateverlauf" },
      {
        en: "Security intelligence (Version 1.441.212.0)   Installed on 11/18/2025",
        ja: "セキュリティ インテリジェンス (Version 1.441.212.0)   2025/11/18 にインストール済み",
        de: "Sicherheitsinformationen (Version 1.441.212.0)   Installiert am 18.11.2025",
      },
      {
        en: "Security intelligence (Version 1.441.249.0)   Failed on 11/20/2025 - {code}",
        ja: "セキュリティ インテリジェンス (Version 1.441.249.0)   2025/11/20 に失敗しました - {code}",
        de: "Sicherheitsinformationen (Version 1.441.249.0)   Fehler am 20.11.2025 - {code}",
      },
    ],
  },
  {
    name: "enrolment",
    layout: "card",
    notation: "bare",
    title: {
      en: "Something went wrong.",
      ja: "問題が発生しました。",
      de: "Ein Fehler ist aufgetreten.",
    },
    lines: [
      {
        en: "This device is enrolled already. Contact your system administrator with the error code {code}.",
        ja: "このデバイスは登録済みです。次のエラー コードをシステム管理者に伝えてください {code}.",
        de: "Dieses Gerät ist schon registriert. Nennen Sie dem Administrator den Fehlercode {code}.",
      },
    ],
    buttons: [OK, CANCEL],
  },
  {
    name: "copy",
    layout: "message-box",
    title: { en: "Error Copying File", ja: "ファイルのコピー エラー", de: "Fehler beim Kopieren" },
    lines: [
      {
        en: "An unexpected error keeps you from copying the file.",
        ja: "予期しないエラーのため、ファイルをコピーできません。",
        de: "Ein unerwarteter Fehler verhindert das Kopieren der Datei.",
      },
      {
        en: "Error {code}: Access is denied.",
        ja: "エラー {code}: アクセスが拒否されました。",
        de: "Fehler {code}: Zugriff verweigert",
      },
    ],
    buttons: [OK, CANCEL],
  },
  {
    name: "application",
    layout: "message-box",
    title: {
      en: "contoso.exe - Application Error",
      ja: "contoso.exe - アプリケーション エラー",
      de: "contoso.exe - Anwendungsfehler",
    },
    lines: [
      {
        en: "The application was unable to start correctly ({code}). Click OK to close it.",
        ja: "アプリケーションを正しく起動できませんでした ({code})。[OK] をクリックしてください。",
        de: "Die Anwendung konnte nicht korrekt gestartet werden ({code}). Klicken Sie auf OK.",
      },
    ],
    buttons: [OK],
  },
  {
    name: "activation",
    layout: "settings",
    title: SETTINGS,
    lines: [
      { en: "Activation", ja: "ライセンス認証", de: "Aktivierung" },
      {
        en: "Windows cannot be activated: the activation server of your organization does not answer. Error code: {code}",
        ja: "組織のライセンス認証サーバーに接続できないため、Windows をライセンス認証できません。エラー コード: {code}",
        de: "Windows kann nicht aktiviert werden: Der Aktivierungsserver antwortet nicht. Fehlercode: {code}",
      },
    ],
  },
  {
    name: "recovery",
    layout: "blue-screen",
    title: { en: "Recovery", ja: "回復", de: "Wiederherstellung" },
    lines: [
      {
        en: "Your PC needs to be repaired. The boot configuration data is missing or contains errors.",
        ja: "PC の修復が必要です。ブート構成データが見つからないか、エラーが含まれています。",
        de: "Der PC muss repariert werden. Die Startkonfigurationsdaten fehlen oder sind fehlerhaft.",
      },
      { en: "File: ", ja: "ファイル: ", de: "Datei: " },
      CODE,
    ],
  },
  {
    name: "mail",
    layout: "message-box",
    title: { en: "Send/Receive Progress", ja: "送受信の進捗度", de: "Übermittlungsstatus" },
    lines: [
      {
        en: "Task 'anna@contoso.com - Sending' reported error ({code}): 'The outgoing server cannot be reached.'",
        ja: "タスク 'anna@contoso.com - 送信中' でエラーが報告されました ({code}): '送信サーバーに接続できません。'",
        de: "Aufgabe 'anna@contoso.com - Senden' hat einen Fehler gemeldet ({code}): 'Keine Verbindung.'",
      },
    ],
    buttons: [CLOSE],
  },
  {
    name: "event",
    layout: "message-box",
    title: {
      en: "Event Properties - Event 1000",
      ja: "イベント プロパティ - イベント 1000",
      de: "Ereigniseigenschaften - Ereignis 1000",
    },
    lines: [
      same("Faulting application name: OUTLOOK.EXE, version: 16.0.18227.20222"),
      same("Faulting module name: ntdll.dll, time stamp: 0x9f3ac214"),
      same("Exception code: {code}"),
      same("Fault offset: 0x000000000011e1f5"),
      same("Faulting process id: 0x2F54"),
    ],
    buttons: [CLOSE],
  },
  {
    name: "powershell",
    layout: "terminal",
    title: same("PS C:\\Users\\anna> Add-AppxPackage .\\Contoso.msix"),
    lines: [
      same("Add-AppxPackage : Deployment failed with HRESULT: {code}, Package failed updates,"),
      same("dependency or conflict validation."),
      same("At line:1 char:1"),
      same("+ Add-AppxPackage .\\Contoso.msix"),
    ],
  },
  {
    name: "dism",
    layout: "terminal",
    title: same("C:\\Windows\\System32>DISM /Online /Cleanup-Image /RestoreHealth"),
    lines: [
      same("Version: 10.0.26100.1150"),
      same("[==========================100.0%==========================]"),
      same("Error: {code}"),
      same("The source files could not be found."),
    ],
  },
  {
    name: "office",
    layout: "card",
    notation: "bare",
    title: {
      en: "Something went wrong",
      ja: "問題が発生しました",
      de: "Es ist ein Fehler aufgetreten",
    },
    lines: [
      {
        en: "We could not sign you in. Tell your administrator the error code {code}.",
        ja: "サインインできませんでした。システム管理者に次のエラー コードを伝えてください {code}.",
        de: "Die Anmeldung ist fehlgeschlagen. Nennen Sie dem Administrator den Fehlercode {code}.",
      },
      CODE,
      same("Correlation ID: 5c3f1b0e-2d8b-4d5e-9a3c-8b1e0f6d2a71"),
      same("Timestamp: 2025-11-20 09:41:07Z"),
    ],
  },
  {
    name: "onedrive",
    layout: "card",
    title: {
      en: "There was a problem connecting to OneDrive",
      ja: "OneDrive への接続で問題が発生しました",
      de: "Problem beim Verbinden mit OneDrive",
    },
    lines: [
      {
        en: "Check your network settings and try again. (Error code: {code})",
        ja: "ネットワーク設定を確認してもう一度お試しください。(エラー コード: {code})",
        de: "Überprüfen Sie die Netzwerkeinstellungen. (Fehlercode: {code})",
      },
    ],
    buttons: [RETRY],
  },
  {
    name: "store",
    layout: "card",
    title: {
      en: "Something unexpected happened",
      ja: "予期しない問題が発生しました",
      de: "Etwas Unerwartetes ist passiert",
    },
    lines: [
      {
        en: "Wait a bit and try again, or restart your device.",
        ja: "少し待ってからもう一度試すか、デバイスを再起動してください。",
        de: "Warten Sie einen Moment, und versuchen Sie es erneut.",
      },
      { en: "Code: {code}", ja: "コード: {code}", de: "Code: {code}" },
    ],
    buttons: [CLOSE],
  },
  {
    name: "software-center",
    layout: "settings",
    title: { en: "Software Center", ja: "ソフトウェア センター", de: "Softwarecenter" },
    lines: [
      {
        en: "The software could not be changed",
        ja: "ソフトウェアを変更できません",
        de: "Änderungen an der Software sind nicht möglich",
      },
      {
        en: "The software change returned error code {code}.",
        ja: "ソフトウェアの変更でエラー コード {code} が返されました。",
        de: "Die Softwareänderung hat den Fehlercode {code} zurückgegeben.",
      },
    ],
  },
  {
    name: "backup",
    layout: "message-box",
    title: {
      en: "Create a system image",
      ja: "システム イメージの作成",
      de: "Systemabbild erstellen",
    },
    lines: [
      {
        en: "The backup failed.",
        ja: "バックアップに失敗しました。",
        de: "Fehler bei der Sicherung.",
      },
      {
        en: "There is not enough disk space on the storage location. ({code})",
        ja: "保存場所に十分なディスク領域がありません。({code})",
        de: "Am Speicherort ist nicht genügend Platz. ({code})",
      },
    ],
    buttons: [CLOSE],
  },
  {
    name: "registry",
    layout: "message-box",
    isEmpty: true,
    title: same("Registry Editor"),
    lines: [
      same("ConsentPromptBehaviorAdmin   REG_DWORD   0x00000005 (5)"),
      same("EnableLUA   REG_DWORD   0x00000001 (1)"),
      same("Color   REG_DWORD   0xffc3b5e8 (4291016168)"),
    ],
  },
  {
    name: "invoice",
    layout: "settings",
    isEmpty: true,
    title: same("Invoice 80072018 - Excel"),
    lines: [
      same("80071042   Dock WD22TB4   CN0H7RNV8B0SD3D   229.00"),
      same("80071043   Monitor U2724D   80F4A2D1C09   389.00"),
      same("80071044   Keyboard KB216   8BA0C0DE771   19.90"),
    ],
  },
  {
    name: "network",
    layout: "terminal",
    isEmpty: true,
    title: same("C:\\>ipconfig /all"),
    lines: [
      same("Physical Address. . . . . . . . . : 8C-04-BA-9F-11-D3"),
      same("Link-local IPv6 Address . . . . . : fe80::8a07:5cd2:80b4:1e0f%12"),
      same("DHCPv6 IAID . . . . . . . . . . . : 126619834"),
    ],
  },
];

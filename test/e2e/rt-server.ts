import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { run, start, until } from "./process.ts";

const SERVER = "/usr/share/request-tracker5/libexec/rt-server";
const LIB = "/usr/share/request-tracker5/lib";
const PACKAGES = ["request-tracker5", "rt5-standalone", "rt5-db-sqlite", "rt5-clients"];
const DOCS = join(import.meta.dirname, "..", "..", "docs", "connect");
const START_LIMIT_MS = 30_000;
/** The user and password of a new database of RT. */
const ADMINISTRATOR = "root:password";

/** An entry in the history of a ticket. */
export interface Transaction {
  readonly id: string;
  readonly type: string;
  readonly creator: string;
  readonly text: string;
}

/** A Request Tracker with a database of its own. */
export interface RequestTracker {
  readonly url: string;
  /** The settings of the Worker, as the setup script printed them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files a ticket over REST. Default for `authorization`: the user `user`. */
  file(ticket: object, authorization?: string): Promise<string>;
  /** Files a ticket by mail. */
  mail(message: string): Promise<void>;
  /** All transactions of a ticket, oldest first. */
  transactions(ticketId: string): Promise<Transaction[]>;
  /** The value of a custom field; null when it is empty. */
  field(ticketId: string, name: string): Promise<string | null>;
  /** The id of the newest ticket. */
  newest(): Promise<string>;
  /** The address lines of each mail about a ticket. */
  mailedTo(ticketId: string): Promise<string[]>;
  /** A page as the administrator sees it in a browser. */
  page(path: string): Promise<string>;
  put(path: string, body: object): Promise<void>;
  /** Runs the setup script of docs/connect again. */
  setUp(...args: string[]): Promise<string>;
  /** Runs Perl inside RT. */
  perl(code: string): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

/** Installs the Debian packages where they are missing. */
export async function install(): Promise<void> {
  if ([SERVER, "/usr/bin/rt-mailgate"].every(existsSync)) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...PACKAGES], { env });
}

const Refs = z.object({ items: z.array(z.object({ id: z.coerce.string() })) });
const History = z.object({
  items: z.array(
    z.object({ id: z.coerce.string(), Type: z.string(), Creator: z.object({ id: z.string() }) }),
  ),
});
const Texts = z.object({
  items: z.array(z.object({ TransactionId: z.coerce.string(), Content: z.string().nullish() })),
});
const Created = z.object({ id: z.coerce.string() });
const Fields = z.object({
  CustomFields: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
});

/** Starts RT with a new database, set up with the scripts of docs/connect. */
export async function startRequestTracker(
  folder: string,
  port: number,
  workerUrl: string,
  flagField: string,
): Promise<RequestTracker> {
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "config.d");
  const mails = join(folder, "mails");
  for (const each of [config, mails, join(folder, "mason"), join(folder, "session")]) {
    await mkdir(each, { recursive: true });
  }
  await writeFile(join(folder, "site.pm"), siteConfig(folder, port));
  await writeFile(
    join(folder, "sendmail"),
    `#!/bin/sh\nexec cat > "$(mktemp ${mails}/XXXXXXXX)"\n`,
    {
      mode: 0o755,
    },
  );
  const env = {
    ...process.env,
    RT_SITE_CONFIG: join(folder, "site.pm"),
    RT_SITE_CONFIG_DIR: config,
  };
  const perl = async (code: string) => {
    const prelude = "use RT; RT::LoadConfig(); RT::Init(); my $system = RT->SystemUser;";
    await run("perl", [`-I${LIB}`, "-e", `${prelude} ${code}`], { env });
  };

  await run("rt-setup-database-5", ["--action", "init", "--skip-create"], { env });
  await perl(PEOPLE);
  const setUp = (...args: string[]) =>
    run("perl", [join(DOCS, "request-tracker-setup.pl"), "--queue", "General", ...args], { env });
  const printed = await setUp("--flag-field", flagField);
  const lines = printed.match(/^ *Set\(.*\);$/gm) ?? [];
  const target = `${workerUrl}/webhooks/request-tracker`;
  const site = lines.join("\n").replace(/'https:[^']*'/, `'${target}'`);
  await writeFile(join(config, "hresult-comments.pm"), `${site}\n1;\n`);

  const server = start(
    SERVER,
    ["--host", "127.0.0.1", "--port", String(port), "--max-workers", "4"],
    { env },
  );

  async function call(path: string, { user = ADMINISTRATOR, method = "GET", body = "" } = {}) {
    const authorization = user.startsWith("token ") ? user : `Basic ${btoa(user)}`;
    const headers = { authorization, "content-type": "application/json" };
    const init = method === "GET" ? { headers } : { method, headers, body };
    const response = await fetch(`${url}/REST/2.0/${path}`, init);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`RT answers ${response.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text) as unknown;
  }

  await until("RT answers", START_LIMIT_MS, async () => {
    if (!server.alive) throw new Error(server.output());
    return call("rt");
  });

  return {
    url,
    variables: Object.fromEntries(
      [...printed.matchAll(/^ *(REQUEST_TRACKER_\w+)=(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    ),
    setUp,
    perl,
    log: () => server.output(),
    stop: () => server.end("SIGTERM"),

    async file(ticket, user = "user:userpassword") {
      const body = JSON.stringify({ Queue: "General", ...ticket });
      return Created.parse(await call("ticket", { user, method: "POST", body })).id;
    },

    async mail(message) {
      const args = ["--queue", "General", "--action", "correspond", "--url", url];
      await run("rt-mailgate", args, { input: message });
    },

    async transactions(ticketId) {
      const path = `ticket/${ticketId}`;
      const history = await call(`${path}/history?fields=Type,Creator&per_page=100`);
      const texts = await call(`${path}/attachments?fields=TransactionId,Content&per_page=100`);
      const { items } = Texts.parse(texts);
      return History.parse(history).items.map(({ id, Type, Creator }) => {
        const own = items.filter((each) => each.TransactionId === id);
        const text = own.map(({ Content }) => Content ?? "").join("\n");
        return { id, type: Type, creator: Creator.id, text };
      });
    },

    async field(ticketId, name) {
      const { CustomFields } = Fields.parse(await call(`ticket/${ticketId}`));
      return CustomFields.find((each) => each.name === name)?.values[0] ?? null;
    },

    async newest() {
      const found = await call("tickets?query=id>0&orderby=id&order=DESC&per_page=1");
      const [ticket] = Refs.parse(found).items;
      if (ticket === undefined) throw new Error("RT has no ticket");
      return ticket.id;
    },

    async mailedTo(ticketId) {
      const names = await readdir(mails);
      const texts = await Promise.all(names.map((name) => readFile(join(mails, name), "utf8")));
      return texts
        .filter((text) => text.includes(`RT-Ticket: example.com #${ticketId}\n`))
        .flatMap((text) => text.match(/^(?:To|Cc|Bcc): .*$/gim) ?? []);
    },

    async page(path) {
      const body = new URLSearchParams({ user: "root", pass: "password", next: "" });
      const login = { method: "POST", body, redirect: "manual" } as const;
      const answer = await fetch(`${url}/NoAuth/Login.html`, login);
      const cookie = answer.headers.getSetCookie().map((each) => each.split(";")[0]);
      const headers = { cookie: cookie.join("; "), referer: `${url}/` };
      return (await fetch(`${url}/${path}`, { headers })).text();
    },

    async put(path, body) {
      await call(path, { method: "PUT", body: JSON.stringify(body) });
    },
  };
}

/** RT writes only to the folder. A low bcrypt cost makes signing in fast. */
function siteConfig(folder: string, port: number) {
  return `
Set($rtname, 'example.com');
Set($Organization, 'example.com');
Set($CorrespondAddress, 'rt@example.com');
Set($CommentAddress, 'rt-comment@example.com');
Set($WebDomain, '127.0.0.1');
Set($WebPort, ${port});
Set($WebPath, '');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '${folder}/rtdb');
Set($BcryptCost, 4);
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '${folder}/sendmail');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'info');
$RT::VarPath = '${folder}';
$RT::MasonDataDir = '${folder}/mason';
$RT::MasonSessionDir = '${folder}/session';
1;
`;
}

/** Perl that creates two users who file tickets. The second one has a language, Japanese. */
const PEOPLE = `
my $queue = RT::Queue->new($system);
$queue->Load('General');
my $everyone = RT::Group->new($system);
$everyone->LoadSystemInternalGroup('Everyone');
$everyone->PrincipalObj->GrantRight( Right => $_, Object => $queue )
    for qw(CreateTicket ReplyToTicket);
for ( [ user => '' ], [ sprecher => 'ja' ] ) {
    my ( $name, $lang ) = @$_;
    RT::User->new($system)->Create( Name => $name, EmailAddress => "$name\\@example.com",
        Password => $name . 'password', Lang => $lang, Privileged => 1 );
}
`;

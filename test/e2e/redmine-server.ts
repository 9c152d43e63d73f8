import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type RunningProgram, run, start, until } from "./process.ts";

const HOME = "/usr/share/redmine";
const PACKAGES = ["redmine", "redmine-sqlite", "puma"];
/** Files that exist when the packages are installed and configured. */
const INSTALLED = [HOME, "/usr/bin/puma", "/etc/redmine/default/database.yml"];
/** Ruby takes its encoding from the environment. */
const ENV = { ...process.env, LC_ALL: "C.UTF-8" };
const START_LIMIT_MS = 60_000;
const PASSWORD = "administrator-password";

/** The rights that the service user needs to post private notes and set the custom field. */
export const RIGHTS = [
  "view_issues",
  "edit_issues",
  "add_issue_notes",
  "edit_own_issue_notes",
  "view_private_notes",
  "set_notes_private",
];

/** One entry in the history of an issue. */
export interface Journal {
  readonly id: string;
  readonly author: string;
  /** Empty when only a field was changed. */
  readonly notes: string;
  readonly private: boolean;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

const Seeded = z.object({
  projectId: z.coerce.string(),
  /** The id of the custom field. Its value is "yes", "no" or nothing. */
  fieldId: z.coerce.string(),
  /** The id of the role of the service user. */
  roleId: z.coerce.string(),
  administratorKey: z.string(),
  personKey: z.string(),
  serviceKey: z.string(),
  mailKey: z.string(),
});

/** A Redmine with a database of its own. */
export interface Redmine extends Readonly<z.infer<typeof Seeded>> {
  readonly url: string;
  start(): Promise<void>;
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Everything that it has logged since its first start. */
  log(): string;
  /** Files an issue over REST. Default for `key`: the person. */
  file(issue: object, attachments?: readonly Attachment[], key?: string): Promise<string>;
  /** Files an issue by mail. */
  mail(message: string): Promise<void>;
  /** The history of an issue as the administrator sees it, oldest first. */
  journals(issueId: string): Promise<Journal[]>;
  /** The value of the custom field; null when it is empty. */
  field(issueId: string): Promise<string | null>;
  /** The id of the newest issue. */
  newest(): Promise<string>;
  /** Adds a note as the person. */
  write(issueId: string, notes: string): Promise<void>;
  /** The address of each mail about an issue. */
  mailedTo(issueId: string): Promise<string[]>;
  /** Gives the service user these rights and no others. */
  permit(rights: readonly string[]): Promise<void>;
  /** Changes a setting of Redmine, such as `text_formatting`. */
  set(name: string, value: string): Promise<void>;
  /** A page as the administrator sees it in a browser. */
  page(path: string): Promise<string>;
}

/** Installs the Debian packages where they are missing. */
export async function install(): Promise<void> {
  if (INSTALLED.every(existsSync)) return;
  const env = { ...ENV, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...PACKAGES], { env });
}

const Ref = z.object({ id: z.coerce.string() });
const Created = z.object({ issue: Ref });
const Found = z.object({ issues: z.array(Ref) });
const Uploaded = z.object({ upload: z.object({ token: z.string() }) });
const History = z.object({
  issue: z.object({
    journals: z.array(
      z.object({
        id: z.coerce.string(),
        user: z.object({ name: z.string() }),
        notes: z.string().nullable(),
        private_notes: z.boolean(),
      }),
    ),
  }),
});
const Fields = z.object({
  issue: z.object({
    custom_fields: z.array(z.object({ id: z.coerce.string(), value: z.string().nullable() })),
  }),
});

/** Starts Redmine with a new database, one project and its users. */
export async function startRedmine(
  folder: string,
  port: number,
  flagField: string,
  rights: readonly string[] = RIGHTS,
): Promise<Redmine> {
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "config");
  const mails = join(folder, "mails");
  for (const each of [config, mails, join(folder, "files"), join(folder, "log")]) {
    await mkdir(each, { recursive: true });
  }
  await writeFile(join(config, "database.yml"), databaseConfig(folder));
  await writeFile(join(config, "configuration.yml"), mailConfig(mails));
  await writeFile(join(config, "secret_key.txt"), crypto.randomUUID());

  // Debian expects the folder of an instance inside a folder of its own. This path leads out of it.
  const instance = `../../../..${folder}`;
  const env = { ...ENV, RAILS_ENV: "production", REDMINE_INSTANCE: instance };
  const migrate = ["--silent", "--rakefile", join(HOME, "Rakefile"), "db:migrate"];
  await run("rake", migrate, { env: { ...env, SCHEMA: "/dev/null" } });
  const options = JSON.stringify({ port, password: PASSWORD, flagField, rights });
  const seedOutput = await run(
    "ruby",
    ["-r", join(HOME, "config/environment"), "-e", SEED, options],
    {
      env,
    },
  );
  const seeded = Seeded.parse(JSON.parse(seedOutput));

  let running: RunningProgram | null = null;
  let earlier = "";

  async function call(
    path: string,
    { key = seeded.administratorKey, method = "GET", body = "", type = "application/json" } = {},
  ): Promise<unknown> {
    const headers = { "x-redmine-api-key": key, "content-type": type };
    const init = method === "GET" ? { headers } : { method, headers, body };
    const response = await fetch(`${url}/${path}`, init);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`Redmine answers ${response.status} to ${method} ${path}: ${text}`);
    }
    return text === "" ? null : JSON.parse(text);
  }

  /** Signs the administrator in. The returned function requests a page, or sends its form. */
  async function signIn() {
    let cookie = "";
    let page = "";
    const ask = async (path: string, form?: URLSearchParams) => {
      const csrf = page.match(/ name="csrf-token" content="([^"]+)"/)?.[1] ?? "";
      form?.append("authenticity_token", csrf);
      const init = form === undefined ? {} : { method: "POST", body: form };
      const headers = { cookie };
      const answer = await fetch(`${url}/${path}`, { ...init, headers, redirect: "manual" });
      page = await answer.text();
      if (answer.status !== (form === undefined ? 200 : 302)) {
        throw new Error(`Redmine answers ${answer.status} to a browser: ${path}`);
      }
      cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
      return page;
    };
    await ask("login");
    await ask("login", new URLSearchParams({ username: "admin", password: PASSWORD }));
    return ask;
  }

  const redmine: Redmine = {
    ...seeded,
    url,
    log: () => earlier + (running?.output() ?? ""),

    async start() {
      const args = ["--bind", `tcp://127.0.0.1:${port}`, "--threads", "1:1"];
      const program = start("puma", args, {
        cwd: HOME,
        env: { ...env, RAILS_LOG_TO_STDOUT: "yes" },
      });
      running = program;
      await until("Redmine answers", START_LIMIT_MS, async () => {
        if (!program.alive) return false;
        return (await call("users/current.json")) !== null;
      });
      if (!program.alive) throw new Error(`Redmine ended:\n${program.output()}`);
    },

    async stop(signal) {
      const program = running;
      if (program === null) return;
      await program.end(signal);
      earlier += program.output();
      running = null;
    },

    async file(issue, attachments = [], key = seeded.personKey) {
      const uploads: object[] = [];
      for (const { name, type, content } of attachments) {
        const answer = await call(`uploads.json?filename=${encodeURIComponent(name)}`, {
          key,
          method: "POST",
          body: content,
          type: "application/octet-stream",
        });
        const { token } = Uploaded.parse(answer).upload;
        uploads.push({ token, filename: name, content_type: type });
      }
      const body = JSON.stringify({ issue: { project_id: seeded.projectId, ...issue, uploads } });
      return Created.parse(await call("issues.json", { key, method: "POST", body })).issue.id;
    },

    async mail(message) {
      const body = new URLSearchParams({ key: seeded.mailKey, email: message });
      body.append("issue[project]", "helpdesk");
      const { status } = await fetch(`${url}/mail_handler`, { method: "POST", body });
      if (status !== 201) throw new Error(`Redmine answers ${status} to a mail`);
    },

    async journals(issueId) {
      const found = await call(`issues/${issueId}.json?include=journals`);
      return History.parse(found).issue.journals.map(({ id, user, notes, private_notes }) => {
        return { id, author: user.name, notes: notes ?? "", private: private_notes };
      });
    },

    async field(issueId) {
      const { issue } = Fields.parse(await call(`issues/${issueId}.json`));
      return issue.custom_fields.find(({ id }) => id === seeded.fieldId)?.value || null;
    },

    async newest() {
      const found = await call("issues.json?status_id=*&sort=id:desc&limit=1");
      const [issue] = Found.parse(found).issues;
      if (issue === undefined) throw new Error("Redmine has no issue");
      return issue.id;
    },

    async write(issueId, notes) {
      const body = JSON.stringify({ issue: { notes } });
      await call(`issues/${issueId}.json`, { key: seeded.personKey, method: "PUT", body });
    },

    async mailedTo(issueId) {
      const header = new RegExp(`^X-Redmine-Issue-Id: ${issueId}\\r?$`, "gm");
      const addresses = await readdir(mails);
      const found = addresses.map(async (address) => {
        const text = await readFile(join(mails, address), "utf8");
        return [...text.matchAll(header)].map(() => address);
      });
      return (await Promise.all(found)).flat();
    },

    async permit(rights) {
      const ask = await signIn();
      await ask(`roles/${seeded.roleId}/edit`);
      const form = new URLSearchParams({ _method: "patch" });
      for (const right of ["", ...rights]) form.append("role[permissions][]", right);
      await ask(`roles/${seeded.roleId}`, form);
    },

    async set(name, value) {
      const ask = await signIn();
      await ask("settings");
      await ask("settings/edit", new URLSearchParams({ [`settings[${name}]`]: value }));
    },

    async page(path) {
      const ask = await signIn();
      return ask(path);
    },
  };
  await redmine.start();
  return redmine;
}

function databaseConfig(folder: string) {
  return `
production:
  adapter: sqlite3
  database: ${folder}/redmine.db
  timeout: 5000
`;
}

/** Redmine appends each mail to a file named like the address. */
function mailConfig(mails: string) {
  return `
production:
  email_delivery:
    delivery_method: :file
    file_settings:
      location: ${mails}
`;
}

/**
 * Ruby that creates a private project, a person who files issues, and the service user. The custom
 * field is hidden from the person, who would otherwise get a mail about each change of it.
 */
const SEED = `
options = JSON.parse(ARGV[0])
Redmine::DefaultData::Loader.load('en')
mail_key = SecureRandom.hex
{
  'host_name' => "127.0.0.1:#{options['port']}", 'default_language' => 'en',
  'rest_api_enabled' => '1', 'mail_handler_api_enabled' => '1', 'mail_handler_api_key' => mail_key
}.each { |name, value| Setting[name] = value }

administrator = User.find_by_login('admin')
administrator.password = options['password']
administrator.must_change_passwd = false
administrator.save!

project = Project.create!(
  name: 'Helpdesk', identifier: 'helpdesk', is_public: false,
  enabled_module_names: %w[issue_tracking], trackers: Tracker.all
)
role = Role.create!(name: 'HRESULT comments', permissions: options['rights'].map(&:to_sym))
field = IssueCustomField.create!(
  name: options['flagField'], field_format: 'list', possible_values: %w[yes no],
  is_for_all: true, trackers: Tracker.all, visible: false, roles: [role]
)
person, service = [
  ['misaki', '\u7f8e\u54b2', '\u7530\u4e2d', 'ja', Role.find_by_name('Reporter')],
  ['hresult-comments', 'HRESULT', 'comments', 'en', role]
].map do |login, firstname, lastname, language, member_role|
  user = User.new(firstname: firstname, lastname: lastname, language: language)
  user.login = login
  user.mail = "#{login}@example.com"
  user.random_password
  user.save!
  Member.create!(project: project, principal: user, roles: [member_role])
  user
end

puts JSON.generate(
  projectId: project.id, fieldId: field.id, roleId: role.id, mailKey: mail_key,
  administratorKey: administrator.api_key, personKey: person.api_key, serviceKey: service.api_key
)
`;

import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { etag } from "hono/etag";
import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { describeCode, parseCode } from "../../catalog/describe-code.ts";
import { type Catalog, openCatalog } from "../../catalog/store.ts";
import { format } from "../../comment/format.ts";
import { textIn } from "../../comment/locales/index.ts";
import { connectedNames } from "../../connectors/index.ts";
import { type DryRun, dryRun } from "../../enrichment/dry-run.ts";
import { renderAgain } from "../../enrichment/render-again.ts";
import { scanPicture } from "../../enrichment/scan-picture.ts";
import { readSettings, type Settings } from "../../env.ts";
import { Failure, toFailure } from "../../failure.ts";
import type { Hresult } from "../../hresult/hresult.ts";
import { log } from "../../log.ts";
import { MAX_PICTURE_BYTES } from "../../picture.ts";
import { TicketOutcome, TicketState } from "../../ticket.ts";
import { toSecret } from "../../webhook/secrets.ts";
import { findToken } from "../../webhook/shared-token.ts";
import { MAX_BODY_BYTES, readBytes } from "../body.ts";
import { callLedger } from "../ledger-client.ts";
import { LIMIT_PERIOD_S, limitCalls } from "../rate-limit.ts";
import { checkReadiness } from "../readiness.ts";
import { listUnlisted } from "../unlisted.ts";
import { CONSOLE } from "./components.tsx";
import {
  type Bindings,
  eraseTicket,
  findTicket,
  listTickets,
  type Position,
  readStats,
  retrigger,
  type Ticket,
  type TicketFilter,
  type TicketPage,
} from "./ledger.ts";
import { BacklogPage, type UnlistedCode } from "./pages/backlog.tsx";
import { CatalogPage, TopicPage } from "./pages/catalog.tsx";
import { HealthPage } from "./pages/health.tsx";
import { EMPTY_FORM, type LookUpForm, LookUpPage } from "./pages/look-up.tsx";
import {
  AccessRefusedPage,
  FailedPage,
  NotSetUpPage,
  SignInPage,
  type SignInState,
} from "./pages/sign-in.tsx";
import { TicketRecordPage } from "./pages/ticket.tsx";
import { BulkDonePage, BulkPage, TicketsPage, ticketPath } from "./pages/tickets.tsx";
import { SCRIPT } from "./script.ts";
import { CONTENT_SECURITY_POLICY } from "./security-policy.ts";
import { isAccessToken } from "./sign-in/access.ts";
import { limitSignIns } from "./sign-in/attempts.ts";
import { formToken, isFormToken } from "./sign-in/credential.ts";
import { createSession, endSession, isSession, SESSION_S } from "./sign-in/session.ts";
import { STYLE } from "./style.ts";
import type { View } from "./view.ts";
import { preferredLanguage, toLanguage, wordsIn } from "./words/index.ts";
import { yamlBlock } from "./yaml-block.ts";

const SESSION_COOKIE = "console_session";
/** Names a browser before anybody signs in, for the token of the form. */
const VISITOR_COOKIE = "console_visitor";
const LANGUAGE_COOKIE = "console_language";
const LANGUAGE_S = 365 * 24 * 60 * 60;

/** How many tickets one page lists. */
const PAGE_SIZE = 50;
/** How many tickets one bulk re-trigger starts. */
const MAX_BULK = 100;
/** How many of them are handed to the ledger at a time. */
const BULK_BATCH = 10;
/** How many codes the backlog lists. */
const MAX_BACKLOG = 100;

interface ConsoleEnv {
  readonly Bindings: Bindings;
  readonly Variables: {
    settings: Settings;
    view: View;
    /** What the browser proves itself with; the tokens of forms are made from it. */
    credential: string;
    /** The file of the form that was sent. */
    picture?: File;
  };
}
type ConsoleContext = Context<ConsoleEnv>;
type Middleware = MiddlewareHandler<ConsoleEnv>;

/** All pages below `/console`. */
export const consoleApp = new Hono<ConsoleEnv>().basePath(CONSOLE);

consoleApp.use(
  "*",
  secureHeaders({
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    xFrameOptions: "DENY",
    referrerPolicy: "no-referrer",
    // The Worker's address may be one of many of its owner: only he can speak for them.
    strictTransportSecurity: false,
  }),
  limitCalls,
);

for (const [path, text, type] of [
  ["/style.css", STYLE, "text/css"],
  ["/script.js", SCRIPT, "text/javascript"],
] as const) {
  consoleApp.get(path, etag(), (c) =>
    c.body(text, 200, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-cache",
    }),
  );
}

/** Pages are for one reader, and what they show changes. */
const neverStored: Middleware = async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
};

/** Reads settings and language; who signed in is not known yet. */
const prepare: Middleware = async (c, next) => {
  c.set("view", viewOf(c, null, ""));
  c.set("settings", readSettings(c.env));
  await next();
};

/** Lets nobody pass who is not signed in: shows him the way. */
const requireSignIn: Middleware = async (c, next) => {
  const settings = c.get("settings");
  const signedIn = await signedInAs(c, settings);
  if (signedIn !== null) {
    c.set("credential", signedIn.credential);
    c.set("view", viewOf(c, signedIn.by, await formToken(signedIn.credential)));
    return next();
  }
  if (secretsOf(settings).length > 0) {
    const next = isPlainRead(c) ? `?next=${encodeURIComponent(pathOf(c))}` : "";
    return c.redirect(`${CONSOLE}/sign-in${next}`, 303);
  }
  const view = c.get("view");
  if (settings.consoleAccess !== null) return show(c, <AccessRefusedPage view={view} />, 403);
  return show(c, <NotSetUpPage view={view} />, 503);
};

/** Refuses a form that does not come from a page of this browser. */
const requireFormToken: Middleware = async (c, next) => {
  if (c.req.method !== "POST") return next();
  const form = await readForm(c);
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  const isOwn =
    site === "same-origin" && (await isFormToken(c.get("credential"), form.get("formToken")));
  if (isOwn) return next();
  const view = c.get("view");
  return show(
    c,
    <FailedPage view={view} sentence={view.words.failed.formExpired} code={null} />,
    403,
  );
};

consoleApp.use("*", neverStored, prepare);

consoleApp.get("/sign-in", async (c) => {
  const settings = c.get("settings");
  const next = safeNext(c.req.query("next"));
  if ((await signedInAs(c, settings)) !== null) return c.redirect(next, 303);
  if (secretsOf(settings).length === 0) return c.redirect(`${CONSOLE}/look-up`, 303);
  return showSignIn(c, c.req.query("out") === undefined ? "new" : "signedOut", next, 200);
});

consoleApp.post("/sign-in", async (c) => {
  const form = await readForm(c);
  const next = safeNext(form.get("next"));
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  const visitor = getCookie(c, VISITOR_COOKIE) ?? "";
  const isOwn = site === "same-origin" && (await isFormToken(visitor, form.get("formToken")));
  if (!isOwn) return showSignIn(c, "expired", next, 403);

  const secrets = secretsOf(c.get("settings"));
  const now = Date.now();
  let secret: string | undefined;
  const result = await limitSignIns(c, now, async () => {
    const index = await findToken(form.get("password") ?? "", secrets.map(toSecret));
    secret = secrets[index];
    return secret !== undefined;
  });
  if (result !== "right" || secret === undefined) {
    log({ event: "sign_in_refused", outcome: result });
    const isWrong = result === "wrong";
    return showSignIn(c, isWrong ? "wrong" : "tooMany", next, isWrong ? 401 : 429);
  }
  log({ event: "sign_in_accepted" });
  const session = await createSession(secret, now);
  setCookie(c, SESSION_COOKIE, session, { ...cookieOptions(c), maxAge: SESSION_S });
  deleteCookie(c, VISITOR_COOKIE, cookieOptions(c));
  return c.redirect(next, 303);
});

consoleApp.use("*", requireSignIn, requireFormToken);

consoleApp.post("/sign-out", async (c) => {
  const cookie = getCookie(c, SESSION_COOKIE) ?? "";
  const secrets = secretsOf(c.get("settings"));
  try {
    await endSession(cookie, secrets, Date.now(), c.env.CATALOG);
  } catch (error) {
    // The browser forgets its cookie all the same.
    log({ event: "sign_out_not_noted", detail: toFailure(error).message });
  }
  deleteCookie(c, SESSION_COOKIE, cookieOptions(c));
  return c.redirect(`${CONSOLE}/sign-in?out`, 303);
});

consoleApp.get("/", (c) => c.redirect(`${CONSOLE}/look-up`, 303));

consoleApp.get("/look-up", async (c) => {
  const props = lookUpProps(c);
  const { view } = props;
  const typed = (c.req.query("code") ?? "").trim().slice(0, MAX_CODE_LENGTH);
  if (typed === "") return show(c, <LookUpPage {...props} form={EMPTY_FORM} dryRun={null} />);
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const form = { ...EMPTY_FORM, text: typed };
  const code = await tryParseCode(typed, catalog);
  if (code === null) {
    const problem = view.words.lookUp.invalid(typed);
    return show(c, <LookUpPage {...props} form={form} dryRun={null} problem={problem} />, 422);
  }
  const request = { subject: null, body: code, format: "text", locale: view.language } as const;
  const tried = await dryRun(request, catalog, c.get("settings"));
  const description = await describeCode(code, catalog);
  return show(c, <LookUpPage {...props} form={form} dryRun={tried} description={description} />);
});

/** The longest text that is taken for one code: names of errors are long. */
const MAX_CODE_LENGTH = 80;

const LookUpRequest = z.object({
  text: z.string(),
  format: z.catch(z.enum(["text", "html", "markdown"]), "text"),
  locale: z.catch(z.enum(["", "en", "ja"]), ""),
});

consoleApp.post("/look-up", async (c) => {
  const props = lookUpProps(c);
  const { view } = props;
  const form: LookUpForm = LookUpRequest.parse(
    Object.fromEntries([["text", ""], ...(await readForm(c))]),
  );
  const picture = c.get("picture");
  if (picture) return lookUpPicture(c, picture);
  const typed = form.text.trim();
  if (typed === "") {
    const problem = view.words.lookUp.empty;
    return show(c, <LookUpPage {...props} form={form} dryRun={null} problem={problem} />, 422);
  }
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  // A code alone gets an address that can be passed on.
  if (typed.length <= MAX_CODE_LENGTH && /^\S+$/.test(typed)) {
    const code = await tryParseCode(typed, catalog);
    if (code !== null) {
      return c.redirect(`${CONSOLE}/look-up?code=${encodeURIComponent(typed)}`, 303);
    }
  }
  const locale = form.locale === "" ? null : form.locale;
  const request = { subject: null, body: form.text, format: form.format, locale };
  const tried = await dryRun(request, catalog, c.get("settings"));
  const situation = situationTitle(tried, catalog, view);
  return show(c, <LookUpPage {...props} form={form} dryRun={tried} situation={situation} />);
});

/** Shows what would be read in a picture, and said of it. */
async function lookUpPicture(c: ConsoleContext, picture: File) {
  const props = lookUpProps(c);
  const { view } = props;
  const reader = c.env.SCREENSHOTS_READER;
  if (!reader) throw new Failure("settings_invalid", "no reader of pictures is bound");
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const file = { name: picture.name, bytes: new Uint8Array(await picture.arrayBuffer()) };
  const tried = await scanPicture(file, reader, catalog, c.get("settings"));
  const { text, unread } = tried.picture;
  if (unread !== null) {
    const problem = view.words.lookUp.unread(unread);
    return show(c, <LookUpPage {...props} form={EMPTY_FORM} dryRun={null} problem={problem} />);
  }
  const situation = situationTitle(tried, catalog, view);
  const form = { ...EMPTY_FORM, text };
  return show(c, <LookUpPage {...props} form={form} dryRun={tried} situation={situation} />);
}

/** What does not depend on what was looked up. Pictures are taken where a reader is bound. */
function lookUpProps(c: ConsoleContext) {
  return {
    view: c.get("view"),
    takesPictures: c.env.SCREENSHOTS_READER !== undefined,
    fixedLocale: c.get("settings").commentLocale?.join("+") ?? null,
  };
}

/** The title of the situation that a text shows; null when it is not certain. */
function situationTitle({ situation: { topic } }: DryRun, catalog: Catalog, { language }: View) {
  const title = topic === null ? undefined : catalog.topics[topic]?.title;
  return title === undefined ? null : textIn(title, language);
}

consoleApp.get("/tickets", async (c) => {
  const view = c.get("view");
  const { filter, after, problems, situations } = await readFilter(c);
  const page =
    problems.length === 0 ? await listTickets(c.env, filter, after, PAGE_SIZE) : NO_TICKETS;
  return show(
    c,
    <TicketsPage
      view={view}
      filter={filter}
      after={after}
      page={page}
      connectors={connectedNames(c.env)}
      situations={situations}
      problems={problems}
      isErased={c.req.query("erased") !== undefined}
    />,
  );
});

consoleApp.get("/tickets/re-trigger", async (c) => {
  const view = c.get("view");
  const { filter: asked, problems } = await readFilter(c);
  const filter = { ...asked, state: "failed" } as const;
  const page =
    problems.length === 0 ? await listTickets(c.env, filter, null, MAX_BULK) : NO_TICKETS;
  return show(
    c,
    <BulkPage view={view} filter={filter} page={page} limit={MAX_BULK} problems={problems} />,
  );
});

/** Starts the tickets that the page before has shown and counted, and no others. */
consoleApp.post("/tickets/re-trigger", async (c) => {
  const asked = (await readForm(c)).getAll("ticket").slice(0, MAX_BULK);
  let started = 0;
  for (let from = 0; from < asked.length; from += BULK_BATCH) {
    const results = await Promise.allSettled(
      asked.slice(from, from + BULK_BATCH).map((each) => {
        const [connector = "", ...id] = each.split("/");
        return retrigger(c.env, connector, id.join("/"), false);
      }),
    );
    started += results.filter(({ status }) => status === "fulfilled").length;
  }
  const failed = asked.length - started;
  return show(c, <BulkDonePage view={c.get("view")} started={started} failed={failed} />);
});

consoleApp.get("/tickets/:connector/:ticketId", async (c) => {
  const view = c.get("view");
  const { connector, ticketId } = c.req.param();
  const ticket = await findTicket(c.env, connector, ticketId);
  const catalog = await openCatalog(c.env.CATALOG, Date.now()).catch(() => null);
  const comment = await commentOf(ticket, catalog, c.get("settings")).catch(() => null);
  const title = ticket.situation && catalog?.topics[ticket.situation]?.title;
  return show(
    c,
    <TicketRecordPage
      view={view}
      ticket={ticket}
      situation={title ? textIn(title, view.language) : ticket.situation}
      comment={comment && { html: format(comment, "html"), locale: comment.locale }}
      isRetriggered={c.req.query("started") !== undefined}
      isUnconfirmed={c.req.query("unconfirmed") !== undefined}
    />,
  );
});

consoleApp.post("/tickets/:connector/:ticketId/re-trigger", async (c) => {
  const { connector, ticketId } = c.req.param();
  const isForced = (await readForm(c)).get("force") === "yes";
  await retrigger(c.env, connector, ticketId, isForced);
  return c.redirect(`${ticketPath({ connector, ticketId })}?started`, 303);
});

consoleApp.post("/tickets/:connector/:ticketId/erase", async (c) => {
  const { connector, ticketId } = c.req.param();
  const isConfirmed = (await readForm(c)).get("confirm") === "yes";
  if (!isConfirmed) return c.redirect(`${ticketPath({ connector, ticketId })}?unconfirmed`, 303);
  const isErased = await eraseTicket(c.env, connector, ticketId);
  if (!isErased) throw new Failure("ticket_unknown", "not in the ledger");
  // The id is not repeated: the address stays in the history of the browser.
  return c.redirect(`${CONSOLE}/tickets?erased`, 303);
});

consoleApp.get("/backlog", async (c) => {
  const view = c.get("view");
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const frequent = (await listUnlisted(c.env)).slice(0, MAX_BACKLOG);
  const described = await Promise.all(
    frequent.map(async ({ code, tickets, lastSeen }) => ({
      tickets,
      lastSeen,
      ...(await describeCode(code, catalog)),
    })),
  );
  const codes: UnlistedCode[] = described.map(({ code, tickets, lastSeen, symbol, meaning }) => {
    const yaml = yamlBlock(code, catalog.topicOf(code), view.words.backlog, view.language);
    return { code, tickets, lastSeen, symbol, meaning, yaml };
  });
  return show(c, <BacklogPage view={view} codes={codes} />);
});

consoleApp.get("/catalog", async (c) => {
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const index = await catalog.index();
  return show(c, <CatalogPage view={c.get("view")} catalog={catalog} index={index} />);
});

consoleApp.get("/catalog/:topic", async (c) => {
  const view = c.get("view");
  const name = c.req.param("topic");
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const topic = Object.hasOwn(catalog.topics, name) ? catalog.topics[name] : undefined;
  if (topic === undefined) {
    const sentence = view.words.catalog.unknown;
    return show(c, <FailedPage view={view} sentence={sentence} code={null} />, 404);
  }
  const codes = (await catalog.index())[name] ?? [];
  const title = textIn(topic.title, view.language);
  return show(c, <TopicPage view={view} topic={topic} title={title} codes={codes.toSorted()} />);
});

consoleApp.get("/health", async (c) => {
  const askHealth = (name: string) => callLedger(c.env, name, (ledger) => ledger.health());
  const answer = checkReadiness(c.env, askHealth, Date.now());
  c.executionCtx.waitUntil(answer);
  const [readiness, connections] = await Promise.all([answer, readStats(c.env)]);
  const situations = await situationTitles(c);
  return show(
    c,
    <HealthPage
      view={c.get("view")}
      readiness={readiness}
      connections={connections}
      mode={c.get("settings").commentMode}
      situations={new Map(situations)}
    />,
  );
});

consoleApp.notFound((c) => {
  const view = c.get("view");
  const sentence = view.words.failed.notFound;
  return show(c, <FailedPage view={view} sentence={sentence} code={null} />, 404);
});

consoleApp.onError((error, c) => {
  const failure = toFailure(error);
  log({ event: "request_failed", code: failure.code, detail: failure.message });
  const view = c.get("view") ?? viewOf(c, null, "");
  return show(
    c,
    <FailedPage view={view} sentence={sentenceOf(failure, view)} code={failure.code} />,
    failure.status,
  );
});

/** A failure as the page that was asked for says it. */
function sentenceOf({ code }: Failure, { words }: View): string {
  if (code === "ticket_unknown") return words.ticket.unknown;
  if (code === "body_too_large") {
    return words.failed.tooLarge(MAX_BODY_BYTES / MEBIBYTE, MAX_PICTURE_BYTES / MEBIBYTE);
  }
  return words.failures[code];
}

const MEBIBYTE = 1024 * 1024;

// Signing in.

/** What people may type to sign in. */
function secretsOf({ consolePassword, apiTokens }: Settings): string[] {
  return [...(consolePassword === null ? [] : [consolePassword]), ...(apiTokens ?? [])];
}

/** How a person is signed in; null when he is not. */
async function signedInAs(c: ConsoleContext, settings: Settings) {
  const now = Date.now();
  const cookie = getCookie(c, SESSION_COOKIE);
  if (cookie && (await isSession(cookie, secretsOf(settings), now, c.env.CATALOG))) {
    return { by: "session", credential: cookie } as const;
  }
  const token = c.req.header("cf-access-jwt-assertion");
  const { consoleAccess } = settings;
  if (consoleAccess && token && (await isAccessToken(token, consoleAccess, now))) {
    return { by: "access", credential: token } as const;
  }
  return null;
}

function cookieOptions(c: Context) {
  return {
    path: CONSOLE,
    httpOnly: true,
    sameSite: "Strict",
    secure: !isLoopback(new URL(c.req.url)),
  } as const;
}

/** A local Worker has no certificate, and its browser is on the same machine. */
function isLoopback({ hostname }: URL) {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

async function showSignIn(
  c: ConsoleContext,
  state: SignInState,
  next: string,
  status: 200 | 401 | 403 | 429,
) {
  const visitor = getCookie(c, VISITOR_COOKIE) || crypto.randomUUID();
  setCookie(c, VISITOR_COOKIE, visitor, cookieOptions(c));
  if (status === 429) c.header("retry-after", String(LIMIT_PERIOD_S));
  const view = viewOf(c, null, await formToken(visitor));
  return show(c, <SignInPage view={view} state={state} next={next} />, status);
}

/** Where a person is sent after signing in: never to another site. */
function safeNext(text: string | null | undefined) {
  const isOwn = /^\/console(?:[/?][\x21-\x7e]*)?$/.test(text ?? "") && !text?.includes("\\");
  return isOwn && text ? text : `${CONSOLE}/look-up`;
}

function isPlainRead(c: Context) {
  return c.req.method === "GET";
}

// Reading requests.

/** Reads a form once; the body can be read once only. */
async function readForm(c: Context): Promise<URLSearchParams> {
  const known: unknown = c.get("form");
  if (known instanceof URLSearchParams) return known;
  const type = c.req.header("content-type") ?? "";
  const form = /^multipart\/form-data/i.test(type)
    ? await readUpload(c, type)
    : new URLSearchParams(new TextDecoder().decode(await readBytes(c)));
  c.set("form", form);
  return form;
}

/** The parts of a multipart form besides its file. */
const MAX_FIELDS_BYTES = 64 * 1024;

/** Reads a form with a picture, which is kept apart from the other fields. */
async function readUpload(c: Context, type: string): Promise<URLSearchParams> {
  const bytes = await readBytes(c, MAX_PICTURE_BYTES + MAX_FIELDS_BYTES);
  const answer = new Response(bytes, { headers: { "content-type": type } });
  const data = await answer.formData().catch((cause) => {
    throw new Failure("request_invalid", "no form", { cause });
  });
  const form = new URLSearchParams();
  for (const [name, value] of data) {
    if (typeof value === "string") form.append(name, value);
    else if (value.size > 0) c.set("picture", value);
  }
  return form;
}

const NO_TICKETS: TicketPage = { tickets: [], next: null, silent: [] };

/** Reads the filter of the tickets. `problems` has a sentence for each value that makes no sense. */
async function readFilter(c: ConsoleContext) {
  const { words } = c.get("view");
  const catalog = await openCatalog(c.env.CATALOG, Date.now()).catch(() => null);
  const situations = await situationTitles(c);
  const problems: string[] = [];
  const read = <T extends string>(name: FilterName, known: readonly T[]): T | null => {
    const value = c.req.query(name) ?? "";
    const found = known.find((each) => each === value);
    if (value !== "" && found === undefined) {
      problems.push(words.tickets.unknownValue(words.tickets[name], value.slice(0, MAX_SHOWN)));
    }
    return found ?? null;
  };
  const typed = (c.req.query("code") ?? "").trim().slice(0, MAX_CODE_LENGTH);
  const code = typed === "" || catalog === null ? null : await tryParseCode(typed, catalog);
  if (typed !== "" && code === null) problems.push(words.lookUp.invalid(typed));
  const position = c.req.query("after");
  const after = readPosition(position);
  if (position && after === null) problems.push(words.tickets.unknownPage);
  // While the catalog cannot be read, any situation may be one of its topics.
  const topics = catalog ? situations.map(([topic]) => topic) : [c.req.query("situation") ?? ""];
  const filter: TicketFilter = {
    connector: read("connector", connectedNames(c.env)),
    state: read("state", TicketState.options),
    outcome: read("outcome", TicketOutcome.options),
    code: code ?? (typed || null),
    situation: read("situation", topics),
  };
  return { filter, after, situations, problems };
}

type FilterName = "connector" | "state" | "outcome" | "situation";

/** How much of a wrong value is shown, in UTF-16 units. */
const MAX_SHOWN = 80;

/** Topics of the catalog with their titles; none while it cannot be read. */
async function situationTitles(c: ConsoleContext) {
  const { language } = c.get("view");
  const catalog = await openCatalog(c.env.CATALOG, Date.now()).catch(() => null);
  return Object.entries(catalog?.topics ?? {}).map(
    ([topic, { title }]) => [topic, textIn(title, language)] as const,
  );
}

function readPosition(text: string | undefined): Position | null {
  const [receivedAt = "", connector = "", ...id] = (text ?? "").split("/");
  if (!/^\d{1,15}$/.test(receivedAt)) return null;
  return { receivedAt: Number(receivedAt), connector, ticketId: id.join("/") };
}

async function tryParseCode(text: string, catalog: Catalog): Promise<Hresult | null> {
  try {
    return await parseCode(text, catalog);
  } catch (error) {
    if (toFailure(error).code === "code_invalid") return null;
    throw error;
  }
}

/** The comment that was or would be posted; null for a ticket that got none. */
async function commentOf(ticket: Ticket, catalog: Catalog | null, settings: Settings) {
  const { outcome } = ticket;
  const isSilent = outcome === null || outcome === "no_code" || outcome === "skipped";
  if (catalog === null || isSilent) return null;
  return renderAgain(ticket, catalog, settings);
}

// Answers.

function viewOf(c: Context, signedInBy: View["signedInBy"], token: string): View {
  const chosen = toLanguage(c.req.query("lang"));
  if (chosen !== null) {
    setCookie(c, LANGUAGE_COOKIE, chosen, { ...cookieOptions(c), maxAge: LANGUAGE_S });
  }
  const language =
    chosen ??
    toLanguage(getCookie(c, LANGUAGE_COOKIE)) ??
    preferredLanguage(c.req.header("accept-language"));
  const path = isPlainRead(c) ? pathOf(c) : `${CONSOLE}/look-up`;
  return { words: wordsIn(language), language, formToken: token, signedInBy, path };
}

/** Path and query of a request, without the choice of a language. */
function pathOf(c: Context) {
  const url = new URL(c.req.url);
  url.searchParams.delete("lang");
  return url.pathname + url.search;
}

type Status = 200 | 401 | 403 | 429 | Failure["status"];

function show(c: Context, page: unknown, status: Status = 200) {
  return c.html(html`<!doctype html>${page}`, status);
}

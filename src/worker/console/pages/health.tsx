import type { FC } from "hono/jsx";
import type { Settings } from "../../../env.ts";
import { isFailureCode } from "../../../failure.ts";
import type { LedgerStats } from "../../../ledger/counters.ts";
import { TicketOutcome } from "../../../ticket.ts";
import type { Readiness } from "../../readiness.ts";
import { Bars, Columns, Facts, Notice, Page } from "../components.tsx";
import type { ConnectionStats } from "../ledger.ts";
import type { View } from "../view.ts";
import { wordFor } from "../words/index.ts";

interface Props {
  readonly view: View;
  readonly readiness: Readiness;
  readonly connections: readonly ConnectionStats[];
  readonly mode: Settings["commentMode"];
  /** Topics of the catalog with their titles. */
  readonly situations: ReadonlyMap<string, string>;
}

export const HealthPage: FC<Props> = ({ view, readiness, connections, mode, situations }) => {
  const words = view.words.health;
  const isReady = readiness.status === "ok";
  return (
    <Page view={view} section="health" title={view.words.pages.health}>
      <Notice kind={isReady ? "done" : "problem"}>
        <b>{isReady ? words.ready : words.unready}</b>{" "}
        {isReady ? words.readyLead : words.unreadyLead}
      </Notice>
      {mode !== "post" && <Notice kind="hint">{words.modes[mode]}</Notice>}
      <section aria-labelledby="systems-title">
        <h2 id="systems-title">{words.systems}</h2>
        {connections.map((each) => (
          <ConnectionCard view={view} connection={each} situations={situations} />
        ))}
        {connections.length === 0 && <p>{view.words.tickets.nothingConnected}</p>}
      </section>
      <section aria-labelledby="checks-title">
        <h2 id="checks-title">{words.checks}</h2>
        <ul class="plain">
          {readiness.checks.map(({ name, ok, detail }) => (
            <li>
              <span class={`state ${ok ? "done" : "failed"}`}>{ok ? words.ok : words.problem}</span>{" "}
              <b>{checkName(view, name)}</b>: <CheckDetail view={view} detail={detail} />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
};

/** `ledger standard` in the words of the page. */
function checkName({ words }: View, name: string) {
  const [kind = "", ...connector] = name.split(" ");
  return [wordFor(words.health.checked, kind), ...connector].join(" ");
}

/**
 * What a check says: in the words of the page where it has them, else as `/readyz` says it. A
 * failure becomes its sentence.
 */
const CheckDetail: FC<{ view: View; detail: string }> = ({ view, detail }) => {
  const { health, failures } = view.words;
  const [, version] = /^version ([0-9a-f]+)$/.exec(detail) ?? [];
  if (version !== undefined) return <>{health.version(version)}</>;
  const [, first = detail, rest = ""] = /^(.*?): (.*)$/s.exec(detail) ?? [];
  if (isFailureCode(first)) {
    return (
      <>
        {failures[first]} <span lang="en">{rest}</span>
      </>
    );
  }
  if (!Object.hasOwn(health.details, first)) return <span lang="en">{detail}</span>;
  return (
    <>
      {wordFor(health.details, first)}
      {rest !== "" && health.gap + wordFor(failures, rest)}
    </>
  );
};

interface CardProps {
  readonly view: View;
  readonly connection: ConnectionStats;
  readonly situations: ReadonlyMap<string, string>;
}

const ConnectionCard: FC<CardProps> = ({ view, connection, situations }) => {
  const words = view.words.health;
  const { connector, stats } = connection;
  if (stats === null) {
    return (
      <article class="card">
        <h3>{connector}</h3>
        <Notice kind="problem">{words.noAnswer}</Notice>
      </article>
    );
  }
  const { counted, recent } = stats;
  return (
    <article class="card">
      <h3>{connector}</h3>
      <Facts
        rows={[
          [words.waiting, stats.waiting.toLocaleString(view.language)],
          [words.oldest, stats.waiting > 0 ? words.seconds(stats.oldestWaitingS) : null],
          [words.breaker, stats.paused ? words.open : words.closed],
        ]}
      />
      {recent && isQuiet(recent) && <p class="hint">{words.quiet}</p>}
      {recent && !isQuiet(recent) && (
        <>
          <Charts view={view} recent={recent} />
          <Tickets view={view} recent={recent} situations={situations} />
        </>
      )}
      <details>
        <summary>{words.sinceStart}</summary>
        <div class="charts">
          <Bars view={view} title={words.tickets} bars={toBars(view, counted.tickets)} />
          <Bars view={view} title={words.deliveries} bars={toBars(view, counted.deliveries)} />
          <Bars view={view} title={words.attempts} bars={toBars(view, counted.attempts)} />
        </div>
      </details>
    </article>
  );
};

type Recent = NonNullable<LedgerStats["recent"]>;

/** What is drawn of each hour and day. */
const DRAWN = ["deliveries", "comments", "failures"] as const;

/** Nothing came in 30 days. */
function isQuiet({ days }: Recent) {
  return days.every((day) => DRAWN.every((name) => day[name] === 0));
}

const Charts: FC<{ view: View; recent: Recent }> = ({ view, recent }) => {
  const words = view.words.health;
  const hour = new Intl.DateTimeFormat(view.language, { hour: "numeric", timeZone: "UTC" });
  const day = new Intl.DateTimeFormat(view.language, {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  const spans = [
    { title: words.lastHours, columns: recent.hours, format: hour },
    { title: words.lastDays, columns: recent.days, format: day },
  ];
  return (
    <>
      {spans.map(({ title, columns, format }) => (
        <>
          <h4>{title}</h4>
          <div class="charts">
            {DRAWN.map((name) => (
              <Columns
                view={view}
                title={words.drawn[name]}
                columns={columns.map((each) => ({ from: each.from, count: each[name] }))}
                nameOf={(from) => format.format(new Date(from))}
                isBad={name === "failures"}
              />
            ))}
          </div>
        </>
      ))}
    </>
  );
};

/** What the new tickets of the last 30 days were. */
const Tickets: FC<{ view: View; recent: Recent; situations: ReadonlyMap<string, string> }> = ({
  view,
  recent,
  situations: titles,
}) => {
  const words = view.words.health;
  const { tickets, withCodes, withSteps, situations } = recent.tickets;
  const share = (count: number) => {
    const text = count.toLocaleString(view.language);
    return tickets === 0 ? text : `${text} (${Math.round((count / tickets) * 100)} %)`;
  };
  const bars = byFrequency(situations).map(([topic, count]) => ({
    name: titles.get(topic) ?? (topic === "other" ? words.otherSituations : topic),
    count,
    isBad: false,
  }));
  return (
    <>
      <h4>{words.newTickets}</h4>
      <Facts
        rows={[
          [words.seen, tickets.toLocaleString(view.language)],
          [words.withCodes, share(withCodes)],
          [words.withSteps, share(withSteps)],
        ]}
      />
      {bars.length > 0 && <Bars view={view} title={words.bySituation} bars={bars} />}
    </>
  );
};

/** What is counted besides failures. */
const GOOD: ReadonlySet<string> = new Set([
  "accepted",
  "duplicate",
  "ignored",
  "polled",
  "done",
  "answered",
  ...TicketOutcome.options,
]);

/** Most frequent first. */
function toBars({ words }: View, counts: Readonly<Record<string, number>>) {
  const names = { ...words.failures, ...words.counted };
  return byFrequency(counts).map(([name, count]) => {
    return { name: wordFor(names, name), count, isBad: !GOOD.has(name) };
  });
}

function byFrequency(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
}

import type { FC } from "hono/jsx";
import type { Readiness } from "../../readiness.ts";
import { Bars, Facts, Notice, Page } from "../components.tsx";
import type { ConnectionStats } from "../ledger.ts";
import type { View } from "../view.ts";

interface Props {
  readonly view: View;
  readonly readiness: Readiness;
  readonly connections: readonly ConnectionStats[];
}

export const HealthPage: FC<Props> = ({ view, readiness, connections }) => {
  const words = view.words.health;
  const isReady = readiness.status === "ok";
  return (
    <Page view={view} section="health" title={view.words.pages.health}>
      <Notice kind={isReady ? "done" : "problem"}>
        <b>{isReady ? words.ready : words.unready}</b>{" "}
        {isReady ? words.readyLead : words.unreadyLead}
      </Notice>
      <section aria-labelledby="systems-title">
        <h2 id="systems-title">{words.systems}</h2>
        {connections.map((each) => (
          <ConnectionCard view={view} connection={each} />
        ))}
        {connections.length === 0 && <p>{view.words.tickets.nothingConnected}</p>}
      </section>
      <section aria-labelledby="checks-title">
        <h2 id="checks-title">{words.checks}</h2>
        <ul class="plain">
          {readiness.checks.map(({ name, ok, detail }) => (
            <li>
              <span class={`state ${ok ? "done" : "failed"}`}>{ok ? words.ok : words.problem}</span>{" "}
              <span lang="en">
                <b>{name}</b>: {detail}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
};

const ConnectionCard: FC<{ view: View; connection: ConnectionStats }> = ({ view, connection }) => {
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
  const { counted } = stats;
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
      <div class="charts">
        <Bars view={view} title={words.tickets} bars={toBars(counted.tickets)} />
        <Bars view={view} title={words.deliveries} bars={toBars(counted.deliveries)} />
        <Bars view={view} title={words.attempts} bars={toBars(counted.attempts)} />
      </div>
      <p class="hint">{words.sinceStart}</p>
    </article>
  );
};

/** What is counted besides failures. */
const GOOD = new Set([
  "accepted",
  "duplicate",
  "ignored",
  "polled",
  "done",
  "answered",
  "posted",
  "updated",
  "unchanged",
  "no_code",
  "skipped",
  "withheld",
  "tagged",
]);

/** Most frequent first. */
function toBars(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count, isBad: !GOOD.has(name) }))
    .sort((a, b) => b.count - a.count);
}

import type { LedgerStats } from "../ledger/counters.ts";

/** The stats of one connection's ledger; null when the ledger did not answer. */
export interface ConnectionStats {
  readonly connector: string;
  readonly stats: LedgerStats | null;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  /** One sentence for the `# HELP` line. */
  readonly help: string;
  /** The values of the metric, each with its labels besides `connector`. */
  values(stats: LedgerStats): readonly (readonly [labels: Labels, value: number])[];
}

type Labels = Readonly<Record<string, string>>;

const METRICS: readonly Metric[] = [
  {
    name: "hresult_deliveries_total",
    type: "counter",
    help: "Webhook deliveries by answer.",
    values: ({ counted }) => byName("answer", counted.deliveries),
  },
  {
    name: "hresult_tickets_total",
    type: "counter",
    help: "Tickets by outcome.",
    values: ({ counted }) => byName("outcome", counted.tickets),
  },
  {
    name: "hresult_attempts_total",
    type: "counter",
    help: "Attempts at a ticket by result: done, or the failure.",
    values: ({ counted }) => byName("result", counted.attempts),
  },
  {
    name: "hresult_unlisted_codes_total",
    type: "counter",
    help: "Tickets with a code that the catalog does not list.",
    values: ({ counted }) =>
      Object.entries(counted.unlisted).map(([code, { total }]) => [{ code }, total]),
  },
  {
    name: "hresult_tickets_waiting",
    type: "gauge",
    help: "Tickets that are neither done nor failed.",
    values: ({ waiting }) => [[{}, waiting]],
  },
  {
    name: "hresult_oldest_waiting_seconds",
    type: "gauge",
    help: "How long the oldest of the waiting tickets has waited.",
    values: ({ oldestWaitingS }) => [[{}, oldestWaitingS]],
  },
  {
    name: "hresult_ticket_system_paused",
    type: "gauge",
    help: "1 while the circuit breaker of the ticket system is open or half-open.",
    values: ({ paused }) => [[{}, Number(paused)]],
  },
];

/**
 * Writes the stats of all ledgers in the text format of Prometheus. A ledger that did not answer
 * has `hresult_ledger_up` 0 and no other metric.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function toPrometheus(ledgers: readonly ConnectionStats[]): string {
  const up = ledgers.map(({ connector, stats }) =>
    toLine("hresult_ledger_up", { connector }, stats === null ? 0 : 1),
  );
  const rest = METRICS.flatMap((metric) => [
    ...toHead(metric),
    ...ledgers.flatMap(({ connector, stats }) =>
      (stats ? metric.values(stats) : []).map(([labels, value]) =>
        toLine(metric.name, { connector, ...labels }, value),
      ),
    ),
  ]);
  const about = { name: "hresult_ledger_up", type: "gauge", help: "1 when the ledger answers." };
  return [...toHead(about), ...up, ...rest, ""].join("\n");
}

function toHead({ name, type, help }: { name: string; type: string; help: string }) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function toLine(name: string, labels: Labels, value: number) {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

/** The format knows these three escapes. JSON's would be wrong: it has more. */
function escapeLabel(text: string) {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function byName(label: string, counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([name, count]) => [{ [label]: name }, count] as const);
}

import type { LedgerStats } from "../ledger/counters.ts";

/** The figures of one ledger; null when it does not answer. */
export interface LedgerFigures {
  readonly connector: string;
  readonly figures: LedgerStats | null;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  /** Values by further labels. */
  values(figures: LedgerStats): readonly (readonly [labels: Labels, value: number])[];
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
    help: "Attempts to answer a ticket by result: done, or the failure.",
    values: ({ counted }) => byName("result", counted.attempts),
  },
  {
    name: "hresult_unlisted_codes_total",
    type: "counter",
    help: "Tickets with a code which the catalog does not list.",
    values: ({ counted }) => byName("code", counted.unlisted),
  },
  {
    name: "hresult_tickets_waiting",
    type: "gauge",
    help: "Tickets that are not done yet.",
    values: ({ waiting }) => [[{}, waiting]],
  },
  {
    name: "hresult_oldest_waiting_seconds",
    type: "gauge",
    help: "For how long the oldest of them has been waiting.",
    values: ({ oldestWaitingS }) => [[{}, oldestWaitingS]],
  },
  {
    name: "hresult_ticket_system_paused",
    type: "gauge",
    help: "1 while the ticket system is left alone because it answers badly.",
    values: ({ paused }) => [[{}, Number(paused)]],
  },
];

/**
 * Writes figures for Prometheus.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function toPrometheus(ledgers: readonly LedgerFigures[]): string {
  const up = ledgers.map(({ connector, figures }) =>
    line("hresult_ledger_up", { connector }, figures === null ? 0 : 1),
  );
  const rest = METRICS.flatMap((metric) => [
    ...head(metric),
    ...ledgers.flatMap(({ connector, figures }) =>
      (figures ? metric.values(figures) : []).map(([labels, value]) =>
        line(metric.name, { connector, ...labels }, value),
      ),
    ),
  ]);
  const about = { name: "hresult_ledger_up", type: "gauge", help: "1 when the ledger answers." };
  return [...head(about), ...up, ...rest, ""].join("\n");
}

function head({ name, type, help }: { name: string; type: string; help: string }) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function line(name: string, labels: Labels, value: number) {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

/** The format has these three escapes and no other; JSON has more. */
function escapeLabel(text: string) {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function byName(label: string, counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([name, count]) => [{ [label]: name }, count] as const);
}

/** What is told about one event: ids, codes and states; never text, names, headers or settings. */
export interface LogLine {
  readonly event:
    | "attempt_superseded"
    | "delivery_accepted"
    | "delivery_duplicate"
    | "delivery_ignored"
    | "delivery_refused"
    | "label_left_out"
    | "ledger_stuck"
    | "maintenance_failed"
    | "poll_failed"
    | "request_failed"
    | "retrigger_accepted"
    | "secret_older_in_use"
    | "ticket_done"
    | "ticket_failed"
    | "ticket_waits"
    | "ticket_system_paused"
    | "tickets_polled";
  readonly connector?: string | undefined;
  readonly id?: string | undefined;
  readonly code?: string | undefined;
  readonly outcome?: string | null | undefined;
  /** A sentence of ours about a failure; it quotes nothing from outside. */
  readonly detail?: string | undefined;
  readonly attempts?: number | undefined;
  readonly count?: number | undefined;
}

/** Writes one JSON object on one line. */
export function log(line: LogLine): void {
  console.log(JSON.stringify(line));
}

/** One signed delivery of a new ticket. */
export interface Delivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A system that is measured. It takes webhooks and posts comments to the ticket system. */
export interface MeasuredSystem {
  readonly name: string;
  /** False when it takes deliveries only. */
  readonly postsComments: boolean;
  start(ticketSystemUrl: string): Promise<RunningSystem>;
}

/** A measured system that was started. */
export interface RunningSystem {
  /** Where it takes deliveries: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The ids of the processes whose CPU time and memory are measured. */
  pids(): readonly number[];
  /** Makes a delivery of a new ticket; sends nothing. */
  createDelivery(ticketId: string): Delivery;
  /** Kills its processes with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port and with its files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The text of every ticket. */
export const TICKET_TEXT = "エラー0x80090029 と表示されます。";

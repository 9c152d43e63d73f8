/** One signed delivery of a new ticket. */
export interface Delivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is measured: it takes a webhook, and posts a comment to the desk. */
export interface System {
  readonly name: string;
  /** Whether it posts comments at all, and not only takes deliveries. */
  readonly comments: boolean;
  start(deskUrl: string): Promise<Running>;
}

export interface Running {
  readonly origin: string;
  /** The processes whose time and memory count. */
  pids(): readonly number[];
  deliver(ticketId: string): Delivery;
  /** Ends every process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on what is left on its disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The text of every ticket that is sent. */
export const TICKET_TEXT = "エラー0x80090029 と表示されます。";

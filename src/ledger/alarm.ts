/** The one alarm of a ledger. When it goes off is known without a look at the disk. */
export interface Alarm {
  /** Milliseconds since 1970; null when it is not set. */
  readonly at: number | null;
  /** Reads it from the disk, where it outlived the process that set it. */
  load(): Promise<void>;
  set(at: number): Promise<void>;
  clear(): Promise<void>;
  /** It goes off: from now on it is not set. */
  goOff(): void;
}

type Storage = Pick<DurableObjectStorage, "getAlarm" | "setAlarm" | "deleteAlarm">;

export function openAlarm(storage: Storage): Alarm {
  let at: number | null = null;
  return {
    get at() {
      return at;
    },

    async load() {
      at = await storage.getAlarm();
    },

    async set(next) {
      at = next;
      try {
        await storage.setAlarm(next);
      } catch (error) {
        // It may not be set, so whoever needs it next sets it.
        at = null;
        throw error;
      }
    },

    async clear() {
      if (at === null) return;
      at = null;
      await storage.deleteAlarm();
    },

    goOff() {
      at = null;
    },
  };
}

import type { Delivery, RunningSystem } from "./system.ts";

/** Sends a delivery for each ticket, all at once, and waits for the answers. */
export async function sendAll(
  system: RunningSystem,
  ids: readonly string[],
  createDelivery: (ticketId: string) => Delivery = system.createDelivery,
): Promise<void> {
  await Promise.all(ids.map((id) => send(system, createDelivery(id))));
}

async function send({ origin }: RunningSystem, { path, headers, body }: Delivery) {
  const answer = await fetch(new URL(path, origin), { method: "POST", headers, body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}

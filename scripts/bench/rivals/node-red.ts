import { join } from "node:path";
import { type System, TICKET_TEXT } from "../system.ts";
import { startRival } from "./rival.ts";

/**
 * Node-RED with the same job as a flow: it answers at once, looks for codes, and posts a comment.
 * It checks no signature and keeps nothing on disk. The editor is off.
 */
export const nodeRed: System = {
  name: "Node-RED 4",
  comments: true,
  start: (deskUrl) =>
    startRival(
      {
        folder: "node-red",
        npmPackage: "node-red@4",
        files: ["node-red-settings.cjs", "node-red-flows.json"],
        command: (folder) => [
          process.execPath,
          join(folder, "node_modules", "node-red", "red.js"),
          ...["--userDir", folder],
          ...["--settings", join(folder, "node-red-settings.cjs")],
        ],
        deliver(id) {
          const ticket = { id, subject: "PIN", body: TICKET_TEXT, locale: "ja" };
          return {
            path: "/webhook",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ type: "ticket.created", data: { ticket } }),
          };
        },
      },
      deskUrl,
    ),
};

import { createHmac } from "node:crypto";
import { join } from "node:path";
import { type System, TICKET_TEXT } from "../system.ts";
import { startRival } from "./rival.ts";

const SECRET = "invented-for-the-benchmark";

/**
 * Probot with the same job as an app for new issues. It verifies the signature and keeps nothing on
 * disk. Its brake for GitHub, one comment a second, is off; its retries are on, as they come.
 */
export const probot: System = {
  name: "Probot 14",
  comments: true,
  start: (deskUrl) =>
    startRival(
      {
        folder: "probot",
        npmPackage: "probot@14",
        files: ["probot-app.mjs"],
        command: (folder) => [process.execPath, join(folder, "probot-app.mjs"), SECRET],
        deliver(id) {
          const body = JSON.stringify({
            action: "opened",
            issue: { number: Number(id.replaceAll(/\D/g, "")), title: "PIN", body: TICKET_TEXT },
            repository: { name: "desk", owner: { login: "example" } },
            sender: { login: "requester" },
          });
          const signature = createHmac("sha256", SECRET).update(body).digest("hex");
          return {
            path: "/api/github/webhooks",
            headers: {
              "content-type": "application/json",
              "x-github-event": "issues",
              "x-github-delivery": id,
              "x-hub-signature-256": `sha256=${signature}`,
            },
            body,
          };
        },
      },
      deskUrl,
    ),
};

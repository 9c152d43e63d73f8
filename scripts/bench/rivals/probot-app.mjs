// Looks for codes in a new issue, and posts a comment.
import { Probot, ProbotOctokit, Server } from "probot";

const known = { "0x80090029": "NTE_NOT_SUPPORTED: join the device again." };
const [secret] = process.argv.slice(2);

const server = new Server({
  host: process.env.HOST,
  port: Number(process.env.PORT),
  Probot: Probot.defaults({
    secret,
    githubToken: "invented",
    baseUrl: process.env.DESK_URL,
    logLevel: "fatal",
    // By default it waits seconds between two comments, which is right on GitHub itself.
    Octokit: ProbotOctokit.defaults((options) => ({ ...options, throttle: { enabled: false } })),
  }),
});

await server.load((app) => {
  app.on("issues.opened", async (context) => {
    const codes = context.payload.issue.body.match(/0x[0-9A-Fa-f]{8}/g) ?? [];
    const lines = codes.map((code) => known[code]).filter(Boolean);
    if (lines.length === 0) return;
    await context.octokit.rest.issues.createComment(context.issue({ body: lines.join("\n") }));
  });
});
await server.start();

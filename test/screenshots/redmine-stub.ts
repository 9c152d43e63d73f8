import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

/** A file of an issue. */
export interface StubFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

/** A stand-in for Redmine: issues with files, and the notes that are added to them. */
export interface RedmineStub {
  readonly url: string;
  /** The path of each request for a file, in order. */
  readonly downloads: readonly string[];
  addIssue(id: number, files: readonly StubFile[]): void;
  /** The notes of an issue. */
  notesOf(id: number): readonly string[];
  stop(): void;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startRedmineStub(): Promise<RedmineStub> {
  const issues = new Map<number, { files: readonly StubFile[]; notes: string[] }>();
  const downloads: string[] = [];
  const user = { user: { id: 1, admin: true, memberships: [{ project: { id: 1 }, roles: [] }] } };

  const toJson = (id: number) => {
    const { files, notes } = issues.get(id) ?? { files: [], notes: [] };
    return {
      issue: {
        project: { id: 1 },
        subject: "画面の写真を添付します",
        description: "よろしくお願いします。",
        journals: notes.map((each, index) => ({
          id: index + 1,
          notes: each,
          private_notes: true,
          created_on: new Date().toISOString(),
        })),
        attachments: files.map(({ filename, bytes }, index) => ({
          id: id * 10 + index,
          filename,
          filesize: bytes.length,
        })),
      },
    };
  };

  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const [, file] = /^\/attachments\/download\/(\d+)/.exec(path) ?? [];
    if (file !== undefined) {
      downloads.push(path);
      const found = issues.get(Math.trunc(Number(file) / 10))?.files[Number(file) % 10];
      response.end(found?.bytes);
      return;
    }
    response.setHeader("content-type", "application/json");
    const [, id] = /^\/issues\/(\d+)\.json/.exec(path) ?? [];
    if (id === undefined) return void response.end(JSON.stringify(user));
    if (request.method !== "PUT") return void response.end(JSON.stringify(toJson(Number(id))));
    const { issue } = Object(await json(request));
    issues.get(Number(id))?.notes.push(issue.notes);
    response.writeHead(204).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  return {
    url: `http://127.0.0.1:${port}`,
    downloads,
    addIssue: (id, files) => void issues.set(id, { files, notes: [] }),
    notesOf: (id) => issues.get(id)?.notes ?? [],
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Child,
  endChildren,
  startChild,
  startScript,
  temporaryFolder,
  until,
  untilGone,
} from "./child.ts";

const ANY_PORTS = ["--port", "0", "--desk-port", "0"];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let child: Child;
let pageUrl: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  // As a person starts it: it makes its own bundle.
  child = startChild(["npm", "start", "--", ...ANY_PORTS], {
    temporary: folder.path,
    env: { HRESULT_COMMENTS_BUNDLE: undefined },
  });
  pageUrl = await child.until(/^Ticket desk +(http:\S+)/m);
  await child.until(/^Stop .*Ctrl-C/m);
});

afterAll(async () => {
  await endChildren();
  await folder.remove();
});

test("prints the comment of the sample ticket, both addresses and the API token", async () => {
  const screen = child.output();
  expect(screen).toMatch(
    /エラー0x80090029.*Its comment.*Windows エラー 0x80090029 NTE_NOT_SUPPORTED/s,
  );
  expect(screen).toMatch(/^Worker +http:\/\/127\.0\.0\.1:\d+ /m);
  const url = /^Worker +(\S+)/m.exec(screen)?.[1];
  const token = /^API token +(\S{32})/m.exec(screen)?.[1];
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/tickets/standard/T-1`, { headers });
  expect(await answer.json()).toMatchObject({ state: "done", codes: ["0x80090029"] });
});

test("the page shows a new ticket with its text escaped, and its comment", async () => {
  const body = '<script>alert(1)</script><img src=x onerror=alert(2)> "0x801C0001" PIN reset &amp;';
  await post("/tickets", { subject: "<b>bold</b>", body, locale: "en" });
  const page = await until(async () => {
    const text = await read("/");
    return text.includes("Contact Microsoft") ? text : undefined;
  });
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;");
  expect(page).toContain("&amp;amp;");
  expect(page).toContain("&lt;b&gt;bold&lt;/b&gt;");
  expect(page).not.toMatch(/<script>|<img|<b>/);
  expect(page).toMatch(/<iframe[^>]*srcdoc="&lt;!doctype html&gt;[^>]*0x801C0001/);
});

test("the page shows the result of a re-trigger", async () => {
  const [again, nothingNew] = ["/tickets/T-1/enrich", "Nothing new to say"];
  await post(again, {});
  await until(async () => ((await read("/")).includes(nothingNew) ? true : undefined));
  expect((await read("/tickets/T-1")).match(/<iframe/g)).toHaveLength(1);
  await post(again, { force: "yes" });
  await until(async () => {
    const comments = (await read("/tickets/T-1")).match(/<iframe/g);
    return comments?.length === 2 ? true : undefined;
  });
});

test("leaves no process and no file behind when Ctrl-C is pressed twice", async () => {
  const family = child.family();
  expect(await folder.leftovers()).not.toEqual([]);
  child.signalGroup("SIGINT");
  child.signalGroup("SIGINT");
  await child.result;
  await untilGone(family);
  expect(await folder.leftovers()).toEqual([]);
  expect(child.output()).toMatch(/^Stop +Ctrl-C.*\n\nStopping …\n$/m);
});

test("leaves no process and no file behind when Ctrl-C is pressed during the start", async () => {
  const early = startScript("start.ts", ANY_PORTS, { temporary: folder.path });
  await early.until(/^Starting/m);
  const leftovers = await until(async () => {
    const found = await folder.leftovers();
    return found.length > 0 ? found : undefined;
  });
  expect(leftovers.length).toBeGreaterThan(0);
  const family = early.family();
  early.signalGroup("SIGINT");
  expect((await early.result).code).toBe(0);
  await untilGone(family);
  expect(await folder.leftovers()).toEqual([]);
  expect(early.output()).toMatch(/^Starting .*\n$/);
});

test.each(["--port", "--desk-port"])(
  "a taken port of %s ends the start with one line that says so",
  async (flag) => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = Object(other.address());
    const refused = startScript("start.ts", [...ANY_PORTS, flag, String(port)], {
      temporary: folder.path,
    });
    const { code, output } = await refused.result;
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is taken.*${flag} N.*\n$`));
    other.close();
  },
);

async function read(path: string) {
  return (await fetch(pageUrl + path)).text();
}

async function post(path: string, fields: Record<string, string>) {
  const headers = { origin: pageUrl };
  const init = { method: "POST", headers, body: new URLSearchParams(fields) };
  const answer = await fetch(pageUrl + path, init);
  expect(answer.status).toBe(200);
}

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";

const RULE = readFileSync(
  join(import.meta.dirname, "../../docs/connect/servicenow-business-rule.js"),
  "utf8",
);
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SYS_ID = "9d385017c611228701d22104cc95c371";
const PROPERTIES: Readonly<Record<string, string>> = {
  "hresult_comments.url": "https://worker.example/webhooks/servicenow",
  "hresult_comments.secret": SECRET,
};
const CANARY = "canary-90af";

/**
 * Runs the rule with stand-ins for what it uses of ServiceNow, as the documentation describes it.
 */
function run({ properties = PROPERTIES, creator = "hanako", status = 202, fails = false } = {}) {
  const sent: { headers: Record<string, string>; body: string; url: string; calls: string[] }[] =
    [];
  const warnings: string[] = [];
  const message = {
    headers: {} as Record<string, string>,
    body: "",
    url: "",
    calls: [] as string[],
  };
  class RESTMessageV2 {
    disableForcedVariableSubstitution() {
      message.calls.push("no substitution");
    }
    setEndpoint(url: string) {
      message.url = url;
    }
    setHttpMethod(method: string) {
      message.calls.push(method);
    }
    setHttpTimeout(ms: number) {
      message.calls.push(`${ms} ms`);
    }
    setRequestHeader(name: string, value: string) {
      message.headers[name] = value;
    }
    setRequestBody(body: string) {
      message.body = body;
    }
    execute() {
      if (fails) throw new Error(`cannot reach it with ${CANARY}`);
      sent.push(message);
      return { getStatusCode: () => status };
    }
  }
  class GlideCertificateEncryption {
    generateMac(key: string, algorithm: string, data: string) {
      expect(algorithm).toBe("HmacSHA256");
      return createHmac("sha256", Buffer.from(key, "base64")).update(data).digest("base64");
    }
  }
  const values: Record<string, string> = {
    sys_created_by: creator,
    number: "INC0010001",
    description: `0x80090029 ${CANARY}`,
  };
  // ServiceNow returns Java strings, which are objects and not JavaScript primitives.
  const toJava = (text: string | undefined) => (text === undefined ? null : Object(text));
  runInNewContext(RULE, {
    current: { getValue: (name: string) => toJava(values[name]), getUniqueValue: () => SYS_ID },
    gs: {
      getProperty: (name: string) => toJava(properties[name]),
      warn: (text: string) => warnings.push(text),
    },
    sn_ws: { RESTMessageV2 },
    GlideCertificateEncryption,
  });
  return { sent, warnings };
}

test("the rule sends the id of an incident, signed as Standard Webhooks demands, and no text", () => {
  const { sent, warnings } = run();
  const [message] = sent;
  expect(sent).toHaveLength(1);
  expect(warnings).toEqual([]);
  expect(message?.url).toBe(PROPERTIES["hresult_comments.url"]);
  expect(message?.calls).toEqual(["no substitution", "POST", "5000 ms"]);
  expect(new Webhook(SECRET).verify(message?.body ?? "", message?.headers ?? {})).toMatchObject({
    type: "ticket.created",
    data: { ticket: { id: SYS_ID } },
  });
  expect(message?.body).not.toContain(CANARY);
});

const silent: [why: string, options: Parameters<typeof run>[0]][] = [
  ["when the address is not set", { properties: { "hresult_comments.secret": SECRET } }],
  [
    "when the secret is not set",
    { properties: { "hresult_comments.url": "https://worker.example" } },
  ],
  ["that the service user created", { creator: "hresult-comments" }],
];

test.each(silent)("the rule sends nothing for an incident %s", (_, options) => {
  expect(run(options)).toEqual({ sent: [], warnings: [] });
});

const troubles: [why: string, options: Parameters<typeof run>[0], warning: string][] = [
  ["the answer 401", { status: 401 }, "status 401"],
  ["no answer", { fails: true }, "no answer"],
];

test.each(troubles)("after %s the rule logs a warning and does not fail", (_, options, warning) => {
  expect(run(options).warnings).toEqual([
    `HRESULT comments: incident INC0010001 was not sent: ${warning}`,
  ]);
});

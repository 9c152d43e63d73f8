import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/connectwise.json";
import { toDelivery } from "../fixture.ts";

const connection = connect("connectwise", {
  ...fixture.env,
  CONNECTWISE_SIGNING_KEYS: "signing-key-newer-0123,signing-key-older-0123",
});

/** As a client of ConnectWise that others published checks it: the key is a hash of its text. */
function signed(body: string, key: string | Buffer) {
  const signature = createHmac("sha256", key).update(body).digest("base64");
  return toDelivery({ headers: { "x-content-signature": signature }, body });
}

const hashOf = (text: string) => createHash("sha256").update(text).digest();

const keys: [why: string, key: string | Buffer, outcome: string][] = [
  ["the hash of the newer key", hashOf("signing-key-newer-0123"), "secret 0"],
  ["the hash of the older key", hashOf("signing-key-older-0123"), "secret 1"],
  ["the key itself", "signing-key-newer-0123", "signature_mismatch"],
  ["the hash of another key", hashOf("signing-key-other-0123"), "signature_mismatch"],
];

test.each(keys)("a callback signed with %s", async (_, key, outcome) => {
  const verifying = connection.verify(signed('{"Action":"added","ID":7}', key)).then(
    ({ secretIndex }) => `secret ${secretIndex}`,
    ({ code }) => code,
  );
  expect(await verifying).toBe(outcome);
});

const callbacks: [payload: object, result: object][] = [
  [{ Action: "added", ID: 7, Type: "ticket" }, { ticketId: "7" }],
  [{ Action: "added", ID: "7", Type: "Ticket" }, { ticketId: "7" }],
  [{ Action: "added", ID: 7 }, { ticketId: "7" }],
  [{ Action: "added", ID: 7, Type: "company" }, { ignored: "no ticket" }],
  [{ Action: "updated", ID: 7, Type: "ticket" }, { ignored: "another event" }],
];

test.each(callbacks)("%j is read as %j", (payload, result) => {
  const delivery = toDelivery({ body: JSON.stringify(payload) });
  expect(connection.parse(delivery)).toMatchObject(result);
});

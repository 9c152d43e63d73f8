import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/failure.ts";
import { type Delivered, FIXTURES, freshConnection, toDelivery } from "./fixture.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a JSON value, as the names and numbers that lead to it. */
function placesIn(json: Json, path: string[] = []): string[][] {
  if (typeof json !== "object" || json === null) return [path];
  return [path, ...Object.entries(json).flatMap(([key, each]) => placesIn(each, [...path, key]))];
}

/** The same value with another one at this place. */
function replaceAt(json: Json, [first, ...rest]: readonly string[], value: Json): Json {
  if (first === undefined) return value;
  if (Array.isArray(json)) {
    return json.map((each, index) => (`${index}` === first ? replaceAt(each, rest, value) : each));
  }
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).map(([key, each]) => [
    key,
    key === first ? replaceAt(each, rest, value) : each,
  ]);
  return Object.fromEntries(entries);
}

const ANY_JSON = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
/** What a ticket system may put where something else is expected. */
const ODD: fc.Arbitrary<Json> = fc.oneof(
  ANY_JSON,
  fc.constantFrom<Json>(null, "", "0", 0, -1, 1.5, 1e21, true, [], {}, [null], "../x", "\u0000"),
);
const RUNS = { numRuns: 100 };

describe.each(FIXTURES)("%s: arbitrary deliveries", (name, fixture) => {
  const connection = freshConnection(name, { ...fixture.env, FOLLOW_UPS: "on" });
  const ticketId = (event: { ticketId: string }) => connection.checkTicketId(event.ticketId);

  /** Neither throws anything but `payload_invalid`, nor lets an id through that is none. */
  function parses(delivered: Partial<Delivered> & { body: string }) {
    try {
      const event = connection.parse(toDelivery(delivered));
      if ("ignored" in event) expect(event.ignored).toMatch(/\w/);
      else expect(ticketId(event)).toBe(event.ticketId);
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({ code: "payload_invalid" });
    }
  }

  const { delivery, followUp } = fixture;
  const recorded = [delivery, ...(followUp ? [followUp.delivery] : [])];

  test("any JSON is read, ignored or payload_invalid", () => {
    fc.assert(
      fc.property(ANY_JSON, fc.constantFrom(...recorded), (json, { headers }) => {
        parses({ headers, body: JSON.stringify(json) });
      }),
      RUNS,
    );
  });

  test.each(recorded)(
    "a delivery with something else at one place is, too",
    ({ headers, body }) => {
      const json: Json = JSON.parse(body);
      fc.assert(
        fc.property(fc.constantFrom(...placesIn(json)), ODD, (place, value) => {
          parses({ headers, body: JSON.stringify(replaceAt(json, place, value)) });
        }),
        RUNS,
      );
    },
  );

  test("any bytes are read, ignored or payload_invalid", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (body) => parses({ ...delivery, body })),
      RUNS,
    );
  });
});

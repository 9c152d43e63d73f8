import * as z from "zod";
import { CodeDescription, CodeEntry } from "../../src/catalog/describe-code.ts";
import { LocalText, Source, Step } from "../../src/catalog/stored.ts";
import { DryRun, DryRunRequest } from "../../src/enrichment/dry-run.ts";
import type { FailureCode } from "../../src/failure.ts";
import { TicketRecord } from "../../src/ledger/record.ts";
import {
  AcceptedJob,
  Backlog,
  CatalogIndex,
  Health,
  IgnoredDelivery,
  PictureParameters,
  RetriggerRequest,
} from "../../src/worker/answers.ts";
import { Readiness } from "../../src/worker/readiness.ts";
import { ListParameters, TicketPage } from "../../src/worker/ticket-list.ts";

/** What one route takes and answers. */
export interface Operation {
  /** The name of the function in a client that is made from the document. */
  readonly id: string;
  readonly summary: string;
  /** Who may call it: whoever has a token, a sender with its proof, or anyone. */
  readonly access: "token" | "proof" | "all";
  readonly query?: z.core.$ZodObject;
  readonly body?: {
    readonly schema: z.core.$ZodType;
    readonly required: boolean;
    /** Media types of files that may be sent in its place. */
    readonly files?: readonly string[];
  };
  /** HTTP status to the answer: JSON of a schema, text, or nothing. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What may fail besides what {@link failuresOf} adds. */
  readonly failures?: readonly FailureCode[];
}

export interface Answer {
  readonly description: string;
  readonly content: z.core.$ZodType | "text" | null;
}

/** The schemas that the document names, so that a client has types of the same names. */
export const SCHEMAS = {
  AcceptedJob,
  Backlog,
  CatalogIndex,
  CodeDescription,
  CodeEntry,
  DryRun,
  DryRunRequest,
  Health,
  IgnoredDelivery,
  LocalText,
  Readiness,
  RetriggerRequest,
  Source,
  Step,
  TicketPage,
  TicketRecord,
} as const;

const TICKET = ["connector_unknown", "settings_invalid", "ticket_id_invalid"] as const;
const LEDGER = ["ledger_unavailable", "settings_invalid"] as const;

/** Every route by method and path, as the app spells them. */
export const OPERATIONS: Readonly<Record<`${"GET" | "POST" | "DELETE"} /${string}`, Operation>> = {
  "POST /webhooks/:connector": {
    id: "deliver",
    summary: "Takes a delivery of a ticket system",
    access: "proof",
    body: { schema: z.unknown(), required: true },
    answers: {
      200: { description: "Verified, and there is nothing to do", content: IgnoredDelivery },
      202: { description: "The job is on disk", content: AcceptedJob },
    },
    failures: [
      "body_too_large",
      "connector_unknown",
      "ledger_unavailable",
      "payload_invalid",
      "rate_limited",
      "settings_invalid",
      "signature_mismatch",
      "signature_missing",
      "signature_stale",
      "ticket_unknown",
    ],
  },
  "GET /webhooks/:connector": {
    id: "proveSecret",
    summary: "Answers a ticket system that asks for a proof of the secret",
    access: "all",
    answers: { 200: { description: "The proof", content: "text" } },
    failures: ["connector_unknown", "method_not_allowed", "settings_invalid"],
  },
  "POST /tickets/:connector/:ticketId/enrich": {
    id: "retriggerTicket",
    summary: "Enriches a ticket once more",
    access: "token",
    body: { schema: RetriggerRequest, required: false },
    answers: { 202: { description: "The job is on disk", content: AcceptedJob } },
    failures: [...TICKET, ...LEDGER, "body_too_large", "request_invalid", "ticket_unknown"],
  },
  "GET /tickets/:connector/:ticketId": {
    id: "getTicket",
    summary: "Shows what happened to a ticket",
    access: "token",
    answers: { 200: { description: "The record", content: TicketRecord } },
    failures: [...TICKET, ...LEDGER, "ticket_unknown"],
  },
  "DELETE /tickets/:connector/:ticketId": {
    id: "forgetTicket",
    summary: "Forgets a ticket; its comment stays",
    access: "token",
    answers: { 204: { description: "The record is deleted", content: null } },
    failures: [...TICKET, ...LEDGER, "ticket_unknown"],
  },
  "GET /tickets": {
    id: "listTickets",
    summary: "Lists tickets",
    access: "token",
    query: ListParameters,
    answers: { 200: { description: "A page of records", content: TicketPage } },
    failures: [
      ...LEDGER,
      "catalog_unavailable",
      "code_invalid",
      "connector_unknown",
      "cursor_mismatch",
      "request_invalid",
    ],
  },
  "GET /unlisted": {
    id: "listUnlistedCodes",
    summary: "Lists the codes of tickets that the catalog does not list",
    access: "token",
    answers: { 200: { description: "The most frequent first", content: Backlog } },
    failures: LEDGER,
  },
  "POST /scan": {
    id: "scan",
    summary: "Shows what would be found and posted; stores and posts nothing",
    access: "token",
    query: PictureParameters,
    body: { schema: DryRunRequest, required: true, files: ["image/png", "image/jpeg"] },
    answers: { 200: { description: "Findings and comment", content: DryRun } },
    failures: [
      "body_too_large",
      "catalog_unavailable",
      "payload_invalid",
      "request_invalid",
      "settings_invalid",
    ],
  },
  "GET /catalog": {
    id: "getCatalog",
    summary: "Tells the version of the catalog, its topics and codes",
    access: "token",
    answers: { 200: { description: "What the catalog holds", content: CatalogIndex } },
    failures: ["catalog_unavailable"],
  },
  "GET /catalog/:code": {
    id: "describeCode",
    summary: "Tells what is known of a code",
    access: "token",
    answers: { 200: { description: "All that is known", content: CodeDescription } },
    failures: ["catalog_unavailable", "code_invalid", "route_unknown"],
  },
  "GET /metrics": {
    id: "getMetrics",
    summary: "Counters in the text format of Prometheus",
    access: "token",
    answers: { 200: { description: "Metrics", content: "text" } },
  },
  "GET /healthz": {
    id: "getHealth",
    summary: "Says that the Worker runs",
    access: "all",
    answers: { 200: { description: "It runs", content: Health } },
    failures: ["rate_limited"],
  },
  "GET /readyz": {
    id: "getReadiness",
    summary: "Says whether tickets can be accepted and commented on",
    access: "all",
    answers: {
      200: { description: "Ready", content: Readiness },
      503: { description: "A check fails", content: Readiness },
    },
    failures: ["rate_limited"],
  },
  "GET /openapi.json": {
    id: "getOpenapi",
    summary: "This document",
    access: "all",
    answers: { 200: { description: "OpenAPI 3.1", content: z.record(z.string(), z.unknown()) } },
    failures: ["rate_limited"],
  },
};

/** All failures that a route may answer. */
export function failuresOf({ access, failures = [] }: Operation): readonly FailureCode[] {
  const ofToken = ["rate_limited", "settings_invalid", "token_invalid"] as const;
  const all = [...failures, ...(access === "token" ? ofToken : []), "unexpected" as const];
  return [...new Set(all)].sort();
}

/** All failures that any request may be answered with. */
export function allFailures(): readonly FailureCode[] {
  const ofRoutes = Object.values(OPERATIONS).flatMap(failuresOf);
  return [...new Set<FailureCode>([...ofRoutes, "route_unknown"])].sort();
}

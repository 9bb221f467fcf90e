import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { describeEnd } from "../../../web_static/scripts/describe/describe_end.js";
import { describeRefusal, refusalWords } from "../../../web_static/scripts/describe/describe_refusal.js";
import { describeRequest } from "../../../web_static/scripts/describe/describe_request.js";
import { t } from "../../../web_static/scripts/lib/text.js";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const VIEW = { now: NOW, space: null, spaceAt: 0, online: true };
const DETAIL = "English words of the gateway.";
const OF_A_FAULT = new Set(["busy", "internal_error"]);
const TIMES = { created_at: "2026-01-01T11:59:00Z", started_at: "2026-01-01T11:59:30Z", ended_at: "2026-01-01T12:00:00Z" };

const file = new URL("../../../functions/spaces/handlers/routes/openapi.json", import.meta.url);
const { paths } = JSON.parse(readFileSync(file, "utf8"));
const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
const errors = new Set(operations.flatMap(({ responses }) => Object.values(responses)).flatMap(({ description }) => [...description.matchAll(/`(\w+)`: /g)].map(([, name]) => name)));

test("the description names the errors that a visitor can meet", () => assert.ok(errors.size > 15, [...errors].join()));

for (const errorType of errors) {
  test(`the page has its own words for ${errorType}`, () => {
    const status = OF_A_FAULT.has(errorType) ? 503 : 422;
    const error = { errorType, status, detail: DETAIL, retryAt: null, requestId: null };
    const { headline, words } = describeRefusal({ error, at: NOW }, VIEW);

    assert.ok(headline);
    assert.equal(words.length, 1);
    assert.equal(words[0].includes(DETAIL), errorType === "invalid_input");
    assert.ok(refusalWords(error));
  });
}

test("a refusal says until when, and the id to quote", () => {
  const error = { errorType: "rate_limited", status: 429, detail: DETAIL, retryAt: NOW + 4000, requestId: "r-1" };
  const { words } = describeRefusal({ error, at: NOW }, VIEW);

  assert.equal(words.length, 3);
  assert.ok(words[2].includes("r-1"));
});

test("a worker that connected after a refusal is news", () => {
  const error = { errorType: "no_worker", status: 409, detail: DETAIL, retryAt: null, requestId: null };
  const { tone, headline } = describeRefusal({ error, at: NOW }, { ...VIEW, space: { connected: 1 }, spaceAt: NOW + 1 });

  assert.equal(tone, "good");
  assert.equal(headline, t("refused.worker_came"));
});

const failed = (error, error_type) => describeEnd({ status: "FAILED", error, error_type, times: TIMES, request_id: "echo.1.A", attempt: 1 }, {});

test("a model's own words are quoted as they are", () => {
  for (const type of ["user_error", "worker_error", "too_dark"]) {
    const { quote, words } = failed("The picture is too dark.", type);
    assert.equal(quote, "The picture is too dark.");
    assert.deepEqual(words, []);
  }
});

test("a fault of the system is told in the page's language", () => {
  for (const type of ["worker_lost", "internal_error"]) {
    const { headline, words, quote } = failed(DETAIL, type);
    assert.equal(headline, t("result.failed_system"));
    assert.ok(!quote);
    assert.ok(!words.join(" ").includes(DETAIL));
  }
});

test("every end has a headline, cancelled too late or not", () => {
  for (const status of ["COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED"]) {
    for (const cancelled of [true, false]) {
      const { headline, words } = describeEnd({ status, error: null, error_type: null, output: { text: "Hi" }, times: TIMES, attempt: 1, request_id: "echo.1.A" }, { cancelled });
      assert.ok(headline);
      assert.equal(words.includes(t("result.cancel_too_late")), cancelled && status !== "CANCELLED");
    }
  }
});

test("every phase of a request can be described", () => {
  const status = { status: "IN_QUEUE", queue_position: 0, queue_reason: null, attempt: 0, deadline: null, eta_seconds: null, times: TIMES };
  const open = { phase: "open", id: "echo.1.A", status, receivedAt: NOW, dueAt: NOW, trouble: null, cancel: null, holder: null, previousWorker: null };
  const phases = [
    ...["idle", "opening", "missing", "deleted", "expired"].map((phase) => ({ phase })),
    { phase: "sending", trouble: null },
    { phase: "refused", error: { errorType: null, status: 500, detail: "", retryAt: null, requestId: null }, at: NOW },
    open,
    { ...open, status: { ...status, status: "IN_PROGRESS", attempt: 2, worker_id: "gpu" } },
    { ...open, cancel: { failure: null } },
    { phase: "ended", result: { status: "COMPLETED", output: { text: "Hi" }, times: TIMES, attempt: 1 }, cancel: null },
  ];

  for (const request of phases) assert.ok(describeRequest(request, VIEW).headline, request.phase);
});

for (const [output, silent] of [
  [{ text: "" }, true],
  [{ text: " \n" }, true],
  [{ text: null, data: null, files: [] }, true],
  [{ text: "Hi" }, false],
  [{ text: " ", data: 0 }, false],
  [{ text: "", files: [{ name: "a.png" }] }, false],
]) {
  test(`an answer of ${JSON.stringify(output)} is ${silent ? "" : "not "}said to be nothing`, () => {
    const { words } = describeEnd({ status: "COMPLETED", output, attempt: 1 }, { space: null });

    assert.deepEqual(words, silent ? [t("result.nothing")] : []);
  });
}

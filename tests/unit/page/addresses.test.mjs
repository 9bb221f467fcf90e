import assert from "node:assert/strict";
import { test } from "node:test";

import { safeAddress } from "../../../web_static/scripts/session/sign_in.js";

const HERE = "https://page.test/signed-in.html?code=1";

for (const wanted of ["https://evil.example/", "//evil.example", "javascript:alert(1)", undefined, "http://[", "/\\evil.example"]) {
  test(`after sign-in, nobody is sent to ${wanted}`, () => assert.equal(safeAddress(wanted, HERE), "https://page.test/"));
}

test("after sign-in, users return to the page they left", () => {
  assert.equal(safeAddress("/space.html?space=echo#x", HERE), "https://page.test/space.html?space=echo#x");
});

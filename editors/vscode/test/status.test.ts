import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { statusText } from "../src/status";

suite("the status bar", () => {
  test("each state has its own text, and only a failure is marked as one", () => {
    const texts = [
      statusText({ is: "starting" }),
      statusText({ is: "running", version: "0.1.0" }),
      statusText({ is: "stopped" }),
      statusText({ is: "failed", why: "no program" }),
    ];
    assert.equal(new Set(texts.map(({ text }) => text)).size, texts.length);
    assert.deepEqual(texts.map(({ failed }) => failed), [false, false, false, true]);
  });

  test("the tooltip says the version and the reason", () => {
    assert.equal(statusText({ is: "running", version: "0.1.0" }).tooltip, "Routewright 0.1.0 is running");
    assert.equal(statusText({ is: "running", version: undefined }).tooltip, "Routewright is running");
    assert.match(statusText({ is: "failed", why: "no program" }).tooltip, /no program/);
  });
});

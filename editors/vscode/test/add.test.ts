import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { argumentOf, asks, type Desk, fieldsOf, type Preview, remark } from "../src/add";

const fine: Preview = { problem: null, summary: "Add router orders", notes: [], creates: ["app/orders.py"], changes: ["app/main.py"] };

/** A desk at which the user types and chooses what is given, and the server answers the same to everything. */
function desk(typed: string[], chosen: string[], preview: Preview = fine) {
  const asked: object[] = [];
  const offered: string[][] = [];
  const it: Desk = {
    async input({ check }) {
      const text = typed.shift();
      if (text !== undefined) await check(text);
      return text;
    },
    choose(_title, choices) {
      offered.push(choices.map(({ value }) => value));
      return Promise.resolve(chosen.shift());
    },
    preview(_command, argument) {
      asked.push(argument);
      return Promise.resolve(preview);
    },
  };
  return { it, asked, offered };
}

suite("what commands ask for", () => {
  const place = { uri: "file:///p/app/main.py" };

  test("a resource takes a name and fields, each checked by the server with what is known by then", async () => {
    const { it, asked } = desk(["book", " title:str!  pages:int? "], []);
    const argument = await argumentOf("routewright.addResource", it, place);
    assert.deepEqual(argument, { name: "book", fields: ["title:str!", "pages:int?"], ...place, preview: true });
    assert.deepEqual(asked, [
      { name: "book", ...place },
      { name: "book", fields: ["title:str!", "pages:int?"], ...place },
    ]);
  });

  test("a router's path is that of its name where none is typed", async () => {
    const named = await argumentOf("routewright.addRouter", desk(["orders", ""], []).it, {});
    assert.deepEqual(named, { name: "orders", preview: true });
    const placed = await argumentOf("routewright.addRouter", desk(["orders", "/shop/orders"], []).it, {});
    assert.deepEqual(placed, { name: "orders", prefix: "/shop/orders", preview: true });
  });

  test("auth takes a scheme, and what that leaves open", async () => {
    const jwt = await argumentOf("routewright.addAuth", desk([], ["jwt", "bcrypt"]).it, {});
    assert.deepEqual(jwt, { scheme: "jwt", hash: "bcrypt", preview: true });
    const keys = await argumentOf("routewright.addAuth", desk([], ["api-key", "query"]).it, {});
    assert.deepEqual(keys, { scheme: "api-key", keyIn: "query", preview: true });
  });

  test("of auth only keys are left where the project has users who log in", async () => {
    const { it, offered } = desk([], ["api-key", "header"], { ...fine, problem: "the project has auth already" });
    await argumentOf("routewright.addAuth", it, {});
    assert.deepEqual(offered[0], ["api-key"]);
  });

  test("nothing comes of a question that is not answered", async () => {
    for (const [command, typed] of [
      ["routewright.addResource", ["book"]],
      ["routewright.addRouter", []],
      ["routewright.addAuth", []],
    ] as const) {
      assert.equal(await argumentOf(command, desk([...typed], []).it, {}), undefined);
    }
    assert.ok(!asks("routewright.addHealth"));
  });

  test("a problem is told before the files", () => {
    assert.deepEqual(remark(fine), { text: "Add router orders: creates app/orders.py; changes app/main.py", isProblem: false });
    assert.deepEqual(remark({ ...fine, problem: "no" }), { text: "no", isProblem: true });
    assert.equal(remark({ ...fine, creates: [], changes: [] }), undefined);
  });

  test("fields are separated by any space", () => {
    assert.deepEqual(fieldsOf("\ta:int  b:str\n"), ["a:int", "b:str"]);
  });
});

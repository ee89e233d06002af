import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isInProject, type Route, routeItems, summary } from "../src/routes";

const route: Route = {
  app: "app.main:app",
  method: "GET",
  path: "/api/v1/items/{item_id}",
  name: "read_item",
  file: "app/api/routes/items.py",
  line: 42,
  conditional: false,
};

suite("the list of routes", () => {
  test("an item says method, path, function and place", () => {
    const [item] = routeItems({ apps: [{ id: "app.main:app" }], routes: [route], unresolved: [] });
    assert.deepEqual(item, {
      label: "GET /api/v1/items/{item_id}",
      description: "read_item",
      detail: "app/api/routes/items.py:42",
      route,
    });
  });

  test("the app is named where there are several, and a condition always", () => {
    const apps = [{ id: "app.main:app" }, { id: "admin:app" }];
    const [item] = routeItems({ apps, routes: [{ ...route, conditional: true }], unresolved: [] });
    assert.equal(item?.description, "read_item (conditional)");
    assert.equal(item.detail, "app/api/routes/items.py:42 in app.main:app");
  });

  test("the summary counts, and says that something is unknown", () => {
    assert.equal(summary({ apps: [], routes: [route], unresolved: [] }), "1 route");
    assert.equal(
      summary({ apps: [], routes: [route, route], unresolved: [{}, {}] }),
      "2 routes; 2 places of the wiring stay unknown",
    );
  });

  test("what an installed library serves can't be opened from the list", () => {
    assert.equal(isInProject(route), true);
    assert.equal(isInProject({ ...route, file: "<site>/fastapi_users/router.py" }), false);
  });
});

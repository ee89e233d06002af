import css from "@eslint/css";
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import globals from "globals";

const page = "server/crates/cli/src/graph/page";

export default defineConfig(
  { ignores: ["**/node_modules/"] },
  {
    files: [`${page}/*.js`],
    plugins: { js },
    extends: ["js/recommended"],
    // The three scripts share one scope: what one declares another uses.
    languageOptions: { sourceType: "script", globals: globals.browser },
    rules: {
      "no-unused-vars": ["error", { vars: "local" }],
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-implicit-globals": "off",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    files: [`${page}/*.css`],
    plugins: { css },
    language: "css/css",
    extends: ["css/recommended"],
    rules: {
      // `--tone` is set by what an element stands for.
      "css/no-invalid-properties": ["error", { allowUnknownVariables: true }],
      // `light-dark()`, `color-mix()` and range queries are what every browser of the last two years has.
      "css/use-baseline": ["error", { available: 2024 }],
    },
  },
  {
    files: ["tests/graph/*.mjs"],
    plugins: { js },
    extends: ["js/recommended"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);

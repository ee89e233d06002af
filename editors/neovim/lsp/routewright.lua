--- Routewright for Neovim's own LSP client (0.11 and later).
---
--- With this folder on 'runtimepath', `vim.lsp.enable('routewright')` is all it needs; what a user wants otherwise
--- goes into `vim.lsp.config('routewright', { … })`, which is merged over this.

---@type vim.lsp.Config
return {
  cmd = { 'routewright', 'server' },
  filetypes = { 'python' },
  root_markers = require('routewright').root_markers,
}

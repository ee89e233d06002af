-- Neovim 0.10 has the language server through nvim-lspconfig, without this command.
if vim.g.loaded_routewright or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_routewright = true

vim.api.nvim_create_user_command('RoutewrightRoutes', function()
  require('routewright').show_routes()
end, { desc = 'Show every route of the project in the quickfix list' })

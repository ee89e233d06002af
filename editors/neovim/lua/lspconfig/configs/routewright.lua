--- Routewright for nvim-lspconfig on Neovim 0.10: require('lspconfig').routewright.setup({})

local routewright = require('routewright')

return {
  default_config = {
    cmd = { 'routewright', 'server' },
    filetypes = { 'python' },
    root_dir = function(file)
      for _, markers in ipairs(routewright.root_markers) do
        local found = vim.fs.find(markers, { path = vim.fs.dirname(file), upward = true })[1]
        if found then
          return vim.fs.dirname(found)
        end
      end
    end,
    single_file_support = true,
  },
  docs = {
    description = 'Routewright: a language server for FastAPI projects.',
  },
}

--- `:checkhealth routewright`

local M = {}

local function check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim has vim.lsp.config and vim.lsp.enable')
  else
    vim.health.warn('Neovim is older than 0.11', "use nvim-lspconfig: require('lspconfig').routewright.setup({})")
  end
end

--- The command that the configuration in force starts.
---@return string
local function program()
  local config = vim.lsp.config and vim.lsp.config.routewright
  if config and type(config.cmd) == 'table' then
    return config.cmd[1]
  end
  return 'routewright'
end

local function check_program()
  local path = vim.fn.exepath(program())
  if path == '' then
    vim.health.error(program() .. ' is not an executable on PATH', {
      'install the binary into a folder of PATH,',
      "or name it: vim.lsp.config('routewright', { cmd = { '/path/to/routewright', 'server' } })",
    })
    return
  end
  local finished = vim.system({ path, '--version' }, { text = true, timeout = 5000 }):wait()
  if finished.code == 0 then
    vim.health.ok(('%s: %s'):format(path, vim.trim(finished.stdout)))
  else
    vim.health.error(('%s --version fails: %s'):format(path, vim.trim(finished.stderr or '')))
  end
end

local function check_clients()
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('routewright') then
    vim.health.warn('the server is not enabled', "vim.lsp.enable('routewright')")
  end
  local clients = vim.lsp.get_clients({ name = 'routewright' })
  if #clients == 0 then
    vim.health.info('no client is running: it starts when a Python file is opened')
  end
  for _, client in ipairs(clients) do
    vim.health.ok(('running for %s'):format(client.root_dir or 'a single file'))
  end
end

function M.check()
  vim.health.start('routewright')
  check_neovim()
  check_program()
  check_clients()
end

return M

--- What the client configurations, the commands and the health check share.

local M = {}

--- The name under which the server is configured and enabled.
M.name = 'routewright'

--- What marks the root of a project; names in one inner list count alike, the nearest wins.
M.root_markers = {
  { 'routewright.toml', 'pyproject.toml' },
  { 'setup.py', 'setup.cfg', 'requirements.txt' },
  '.git',
}

--- The running client that knows the given buffer, or any one.
---@param bufnr integer
---@return vim.lsp.Client?
function M.client(bufnr)
  local attached = vim.lsp.get_clients({ name = M.name, bufnr = bufnr })
  return attached[1] or vim.lsp.get_clients({ name = M.name })[1]
end

--- The entries of a quickfix list for the answer to `routewright/routes`.
---@param answer table the document that `routewright routes --format json` prints
---@param root string what its relative file names are relative to
---@return vim.quickfix.entry[]
function M.quickfix_entries(answer, root)
  local entries = {}
  for _, route in ipairs(answer.routes or {}) do
    local inside = type(route.file) == 'string' and not vim.startswith(route.file, '<')
    table.insert(entries, {
      filename = inside and vim.fs.joinpath(root, route.file) or nil,
      lnum = inside and route.line or nil,
      text = ('%-9s %s  %s'):format(route.method, route.path, route.name or ''),
      valid = inside and 1 or 0,
    })
  end
  return entries
end

--- Ask the server for every route and show them as a quickfix list.
function M.show_routes()
  local client = M.client(vim.api.nvim_get_current_buf())
  if client == nil then
    vim.notify('Routewright is not running: open a Python file of the project first', vim.log.levels.WARN)
    return
  end
  local root = client.root_dir or vim.fn.getcwd()
  client:request('routewright/routes', vim.empty_dict(), function(failure, answer)
    if failure ~= nil then
      vim.notify('Routewright: ' .. failure.message, vim.log.levels.ERROR)
      return
    end
    local items = M.quickfix_entries(answer, root)
    vim.fn.setqflist({}, ' ', { title = 'Routes', items = items })
    vim.cmd(#items > 0 and 'copen' or 'echo "Routewright knows no route here"')
  end)
end

return M

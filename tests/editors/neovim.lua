--- Drives Routewright through Neovim's own LSP client, as a user's editor does.
---
---   nvim --headless -l tests/editors/neovim.lua SCENARIO PLUGIN [ARGUMENT…]
---
--- PLUGIN is `editors/neovim`; the server is the `routewright` that PATH finds first. The scenarios stand at the end
--- of this file. Each step prints one line; the process ends with 0, or with 1 after the step that failed.

local TIMEOUT = 30000 -- milliseconds

local scenario, plugin = arg[1], arg[2]

local function say(line)
  io.stdout:write(line, '\n')
  io.stdout:flush()
end

--- Wait until `condition` returns something other than nil and false, and return that.
local function await(what, condition)
  local value
  local met = vim.wait(TIMEOUT, function()
    value = condition()
    return value ~= nil and value ~= false
  end, 20)
  if not met then
    error(('waited %d s in vain for %s'):format(TIMEOUT / 1000, what), 0)
  end
  say('ok ' .. what)
  return value
end

local function must_equal(what, found, expected)
  if not vim.deep_equal(found, expected) then
    error(('%s differs\n--- expected\n%s\n--- found\n%s'):format(what, vim.inspect(expected), vim.inspect(found)), 0)
  end
  say('ok ' .. what)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n') .. '\n'
end

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local content = file:read('*a')
  file:close()
  return content
end

--- Put the cursor on the first occurrence of `needle`.
local function go_to(needle)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local column = line:find(needle, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { row, column - 1 })
      return row
    end
  end
  error(('%q is not in the buffer'):format(needle), 0)
end

local function edit(file)
  vim.cmd.edit(vim.fn.fnameescape(file))
end

local function client()
  return vim.lsp.get_clients({ name = 'routewright', bufnr = 0 })[1]
end

--- The process ids of the servers that this editor started.
local function servers()
  return vim.tbl_filter(function(pid)
    local process = vim.api.nvim_get_proc(pid)
    return process ~= nil and process.name == 'routewright'
  end, vim.api.nvim_get_proc_children(vim.fn.getpid()))
end

local function attach(file)
  edit(file)
  await('the client attaches', function()
    local running = client()
    return running and running.initialized
  end)
  local started = servers()
  must_equal('one server runs', #started, 1)
  say('server ' .. started[1])
end

--- What `K` shows for the place under the cursor.
local function hover()
  vim.lsp.buf.hover()
  local window = await('a hover', function()
    for _, each in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(each).relative ~= '' then
        return each
      end
    end
  end)
  local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
  vim.api.nvim_win_close(window, true)
  return table.concat(lines, '\n')
end

local function must_contain(what, found, part)
  if not found:find(part, 1, true) then
    error(('%s lacks %q:\n%s'):format(what, part, found), 0)
  end
  say('ok ' .. what)
end

--- The names of the workspace symbols for a query.
local function symbols(query)
  local answers = vim.lsp.buf_request_sync(0, 'workspace/symbol', { query = query }, TIMEOUT) or {}
  local names = {}
  for _, answer in pairs(answers) do
    for _, symbol in ipairs(answer.result or {}) do
      table.insert(names, symbol.name)
    end
  end
  return names
end

--- Apply the code action with this title through the editor's own command, which resolves it first.
local function apply(title)
  local offered = {}
  local before = vim.b.changedtick
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      table.insert(offered, action.title)
      return action.title == title
    end,
  })
  local ok = pcall(await, ('the code action “%s” is applied'):format(title), function()
    return vim.b.changedtick ~= before
  end)
  if not ok then
    error(('“%s” was not applied; offered:\n  %s'):format(title, table.concat(offered, '\n  ')), 0)
  end
end

local function undo_is_one_step(original)
  vim.cmd('silent undo')
  must_equal('one undo restores the buffer', text(), original)
end

local scenarios = {}

--- ROOT EXPECTED TITLE…: the fixture project; the first mistake, a hover, a symbol, the insertion and its undo.
function scenarios.shop(root, expected, title)
  attach(root .. '/app/routers/orders.py')
  must_equal('the root is found', client().root_dir, root)
  local mistake = await('a diagnostic', function()
    return vim.diagnostic.get(0)[1]
  end)
  must_equal('its rule', mistake.code, 'path-missing-slash')
  must_equal('its line', mistake.lnum + 1, go_to('"latest"'))

  edit(root .. '/app/routers/items.py')
  await('the second buffer attaches', client)
  local original = text()
  go_to('get("/{item_id}")')
  must_contain('the hover', hover(), '/api/items/{item_id}')
  await('the workspace symbol', function()
    return vim.tbl_contains(symbols('read_item'), 'GET /api/items/{item_id}')
  end)
  must_equal('no diagnostic on what is right', vim.diagnostic.get(0), {})

  go_to('get("/{item_id}")')
  apply(title)
  must_equal('the buffer', text(), read(expected))
  undo_is_one_step(original)
end

--- The text of each buffer that is loaded, by its file.
local function texts()
  local found = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) ~= '' then
      local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
      found[vim.api.nvim_buf_get_name(buffer)] = table.concat(lines, '\n') .. '\n'
    end
  end
  return found
end

--- ROOT: a scaffold over several files, one of them new; one undo in each takes it back.
function scenarios.scaffold(root)
  attach(root .. '/app/main.py')
  local main = root .. '/app/main.py'
  local before = text()
  client():exec_cmd({
    title = 'Add router',
    command = 'routewright.addRouter',
    arguments = { { name = 'reports' } },
  })
  local new = root .. '/app/routers/reports.py'
  await('both files change', function()
    local now = texts()
    return now[main] ~= before and (now[new] or ''):find('APIRouter', 1, true) ~= nil
  end)
  must_contain('the router is included', texts()[main], 'reports.router')
  for file, original in pairs({ [main] = before, [new] = '\n' }) do
    vim.api.nvim_buf_call(vim.fn.bufnr(file), function()
      vim.cmd('silent undo')
    end)
    must_equal('one undo restores ' .. vim.fs.basename(file), texts()[file], original)
  end
end

--- ROOT: a larger project, where nothing is wrong and every table of the server is asked once.
function scenarios.bookshop(root)
  attach(root .. '/app/api/routes/books.py')
  go_to('get(')
  must_contain('the hover', hover(), 'GET')
  require('routewright').show_routes()
  await('the quickfix list of routes', function()
    return #vim.fn.getqflist() > 10
  end)
  vim.cmd('cclose')
  must_equal('no diagnostic', vim.diagnostic.get(0), {})
end

--- Without a project: `:checkhealth` names the program and finds no error.
function scenarios.health()
  vim.cmd('checkhealth routewright')
  local report = text()
  must_contain('the health report', report, 'routewright')
  must_equal('its errors', report:find('ERROR', 1, true), nil)
  local old = require('lspconfig.configs.routewright').default_config
  must_equal('the command of the older configuration', old.cmd, vim.lsp.config.routewright.cmd)
  must_equal('its root', old.root_dir(arg[3] .. '/app/main.py'), arg[3])
end

--- ROOT: stay open until this process is killed.
function scenarios.hold(root)
  attach(root .. '/app/main.py')
  vim.wait(TIMEOUT * 4, function()
    return false
  end)
end

local function run()
  vim.opt.runtimepath:prepend(plugin)
  vim.cmd('filetype plugin on')
  vim.cmd('runtime! plugin/routewright.lua')
  vim.opt.swapfile = false
  vim.lsp.enable('routewright')
  assert(scenarios[scenario], 'no such scenario')(unpack(arg, 3))
end

local finished, failure = xpcall(run, function(problem)
  return type(problem) == 'string' and problem or debug.traceback(vim.inspect(problem))
end)
if not finished then
  say('FAILED ' .. failure)
end
vim.cmd(finished and 'qall!' or 'cquit 1')

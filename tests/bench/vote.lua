-- Load for wrk: POSTs votes of many voters on some pages, each with its token. Called as
--   wrk -s vote.lua URL -- FILE [everywhere]
-- FILE: one request body a line; "PATH<tab>BODY" where each goes somewhere else.
-- "everywhere": each from an address and a /24 of its own, as a proxy would say.
-- Prints one line of JSON at the end: { "answered", "refused", "errors", "seconds" }.

local requests, at, offset = {}, 0, 0
local threads = 0

-- Threads begin at different places, so that they do not send the same voter at the same moment.
function setup(thread)
  thread:set("offset", threads * 1009)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do
    local path, body = line:match("^(/[^\t]*)\t(.*)$")
    local n = #requests
    local headers = { ["Content-Type"] = "application/json" }
    if args[2] == "everywhere" then
      headers["X-Forwarded-For"] = string.format("%d.%d.%d.9", 11 + n % 80, math.floor(n / 80) % 250, math.floor(n / 20000))
    end
    requests[n + 1] = wrk.format("POST", path, headers, body or line)
  end
  at = offset % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"answered":%d,"refused":%d,"errors":%d,"seconds":%.3f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6
  ))
end

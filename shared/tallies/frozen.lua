-- Purpose: knows when a page was frozen. The field `frozen` of a page's hash is there once the page was frozen for the
-- first time: `from:to from:to from:`, in ms, oldest first; the last one without an end is going on. A vote stamped after
-- `from` and not after `to` does not count, whenever it is delivered.

local function parse_frozen(text)
  if not text then return false end
  local spans = {}
  for from, to in string.gmatch(text, '(%d+):(%d*)') do spans[#spans + 1] = { tonumber(from), tonumber(to) } end
  return spans
end

local function is_frozen(spans, at)
  for i = 1, #spans do
    if at > spans[i][1] and not (spans[i][2] and at > spans[i][2]) then return true end
  end
  return false
end

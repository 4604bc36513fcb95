-- Purpose: moves the hot lists of a site by what jobs of votes really changed.
--
-- Heat is the sum of a page's changes, each weighed 2^(time / half-life): forward decay (Cormode, Shkapenyuk, Srivastava,
-- Xu: "Forward Decay", ICDE 2009). Time passes for all pages alike, so no member is ever rewritten because time passed,
-- and a change that comes late is weighed by its own time. The weights would overflow, so a list holds the logarithm of
-- the sum to base 2; whoever reads it takes now / half-life away and has the heat decayed to now.
--
-- KEYS[1]: the site's hash of registered pages. The lists share its hash tag: hot:<window> and hot:<window>:<reaction>;
--   pages without a title wait in lists of their own (warm:…), so that invented pages cannot crowd out registered ones.
-- ARGV: for each page 10 values: its id, the time of the change in ms, the net change of reaction 0 … 7. No page twice.
-- Returns: nothing.
-- Cost: 30 µs a page, 0.2 ms at least (measured on a busy machine); the same with a million registered pages. The caller passes
--   at most a hundred.

local HALF_LIFE_MS = { hour = 3600000, day = 21600000, week = 172800000 }
-- Pages without a title are shown to nobody; those that get one soon are among the warmest.
local HOT_MAX, WARM_MAX = 1000, 500
-- Rounding leaves a little where everything was taken away; it is smaller than this part of what there was.
local NOTHING = 1e-9
local LN_2 = math.log(2)

local call, sub, max, log = redis.call, string.sub, math.max, math.log
local tag = sub(KEYS[1], 1, -6)

-- The logarithm of 2^held + change * 2^place; nothing when the sum is not above zero.
local function add(held, change, place)
  local top = held and max(held, place) or place
  local sum = change * 2 ^ (place - top) + (held and 2 ^ (held - top) or 0)
  if sum <= NOTHING then return nil end
  return top + log(sum) / LN_2
end

-- 1. Sort the changes by list.
local lists = {}
local function note(name, page, at, change)
  if change == 0 then return end
  local list = lists[name]
  if not list then
    list = { pages = {}, times = {}, changes = {} }
    lists[name] = list
  end
  local n = #list.pages + 1
  list.pages[n], list.times[n], list.changes[n] = page, at, change
end

for first = 1, #ARGV, 10 do
  local page, at = ARGV[first], tonumber(ARGV[first + 1])
  local kind = call('HEXISTS', KEYS[1], page) == 1 and 'hot:' or 'warm:'
  local net = 0
  for reaction = 0, 7 do
    local change = tonumber(ARGV[first + 2 + reaction])
    net = net + change
    for window in pairs(HALF_LIFE_MS) do note(kind .. window .. ':' .. reaction, page, at, change) end
  end
  for window in pairs(HALF_LIFE_MS) do note(kind .. window, page, at, net) end
end

-- 2. Write each list in one go.
for name, list in pairs(lists) do
  local key, half_life_ms = tag .. name, HALF_LIFE_MS[string.match(name, ':(%a+)')]
  local held = call('ZMSCORE', key, unpack(list.pages))
  local gone, kept = {}, {}
  for i, page in ipairs(list.pages) do
    local heat = add(held[i] and tonumber(held[i]), list.changes[i], list.times[i] / half_life_ms)
    if heat then
      kept[#kept + 1] = heat
      kept[#kept + 1] = page
    elseif held[i] then
      gone[#gone + 1] = page
    end
  end
  if #gone > 0 then call('ZREM', key, unpack(gone)) end
  if #kept > 0 then
    call('ZADD', key, unpack(kept))
    call('ZREMRANGEBYRANK', key, 0, -1 - (sub(name, 1, 4) == 'hot:' and HOT_MAX or WARM_MAX))
  end
end

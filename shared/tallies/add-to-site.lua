-- Purpose: adds what the worker changed on a site's pages to the totals and the timeline of the site, once.
-- KEYS[1]: the site's hash of totals. The other keys share its hash tag.
-- ARGV[1]: a name for this addition, drawn at random: a client that lost the answer sends the same again.
-- ARGV[2]: votes that changed their voter's record. ARGV[3] …: for each minute 9 values: its number since 1970, the net change
--   of reaction 0 … 7.
-- Returns: 1; or 0: it was added before.
-- Cost: some 20 µs, whatever the number of votes and pages; the caller makes one call for all that happened in half a second.

-- include: timeline.lua

-- Names that are remembered: those of a few seconds at the very least.
local NAMES_MAX = 10000
local DAY_S = 86400
-- Votes of a second are asked for within a few seconds.
local PACE_KEPT_S = 180

local call = redis.call
local totals = KEYS[1]
local tag = string.match(totals, '^{[^}]*}:')
local ms = redis_ms()
local names = tag .. 'added'
if call('ZADD', names, 'NX', ms, ARGV[1]) == 0 then return 0 end
call('ZREMRANGEBYRANK', names, 0, -NAMES_MAX - 1)
call('EXPIRE', names, DAY_S)

local recent = parse_recent(call('HGET', totals, 'recent'))
for first = 3, #ARGV, 9 do
  local moved = {}
  for reaction = 0, 7 do
    moved[reaction] = tonumber(ARGV[first + 1 + reaction])
    if moved[reaction] ~= 0 then call('HINCRBY', totals, reaction, moved[reaction]) end
  end
  note_change(recent, tag, tonumber(ARGV[first]), moved)
end
if recent.sums then call('HSET', totals, 'recent', format_recent(recent)) end

local votes = tonumber(ARGV[2])
if votes > 0 then
  local second = math.floor(ms / 1000)
  local pace = tag .. 'pace:' .. math.floor(second / 60)
  call('HINCRBY', pace, second, votes)
  call('EXPIRE', pace, PACE_KEPT_S)
end
return 1

-- Purpose: counts the totals of one page anew from its records, in small steps, while votes go on: what changes in a bucket
--   that was counted already is added to the sums by the script that changes it (counting.lua). At the end the totals are
--   set to the sums, and the base count of an import to that. With every script right there is no difference, so a
--   difference is a bug somewhere.
-- KEYS[1]: the page's hash. ARGV[1]: "begin" or "go on". ARGV[2]: original buckets to count in this call.
-- Returns: { state, revision, drift of reaction 0, … 7; and when totals changed the minute in which they did, and the net
--   change of reaction 0, … 7 }. State: above 0: original buckets that are left; 0: done, with the
--   drift (total less sum); -1: something made the recount void, begin again.
-- Cost: about 1 µs a record.

-- include: buckets.lua
-- include: counting.lua
-- include: timeline.lua

local page = KEYS[1]
local tag = string.sub(page, 1, -5)
local call = redis.call
local held = call('HMGET', page, 'epoch', 'rev', 'state', 'buckets', '0', '1', '2', '3', '4', '5', '6', '7', 'counting')
local rev, count = tonumber(held[2] or 0), tonumber(held[4] or 1)
if not held[1] then return { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } end

local counting = parse_counting(held[13])
if ARGV[1] == 'begin' then
  counting = { first = count, next = count, sums = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 } }
elseif not counting then
  return { -1, rev, 0, 0, 0, 0, 0, 0, 0, 0 }
end

local sums = counting.sums
local stop = math.min(counting.next + tonumber(ARGV[2]), 2 * counting.first)
for original = counting.next, stop - 1 do
  visit_original(original, count, function(bucket)
    local records = call('HVALS', tag .. 'v:' .. bucket)
    for i = 1, #records do
      local _, reaction = stamp_and_reaction(records[i])
      if reaction < 8 then sums[reaction] = sums[reaction] + 1 end
    end
  end)
end
counting.next = stop
local left = 2 * counting.first - stop
if left > 0 then
  call('HSET', page, 'counting', format_counting(counting))
  return { left, rev, 0, 0, 0, 0, 0, 0, 0, 0 }
end

call('HDEL', page, 'counting')
local drift, totals, drifted = {}, {}, false
local bases = call('HMGET', page, 'b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7')
for reaction = 0, 7 do
  local total = tonumber(held[5 + reaction] or 0)
  -- Votes without voters, from an import (restore-page.lua), have no records.
  sums[reaction] = sums[reaction] + tonumber(bases[reaction + 1] or 0)
  drift[reaction + 1] = total - sums[reaction]
  totals[reaction + 1] = sums[reaction]
  if total ~= sums[reaction] then
    drifted = true
    call('HSET', page, reaction, sums[reaction])
  end
end
if drifted then
  rev = rev + 1
  call('HSET', page, 'rev', rev)
  call('SPUBLISH', tag .. 'counts', table.concat({ held[1], rev, held[3] or 'open', unpack(totals) }, ' '))
end
local reply = { 0, rev, unpack(drift) }
if drifted then
  local moved = {}
  for reaction = 0, 7 do moved[reaction] = -drift[reaction + 1] end
  note_now(page, tag, moved, reply)
end
return reply

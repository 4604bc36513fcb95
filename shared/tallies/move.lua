-- Purpose: moves the vote of one voter of a page to another voter, who is the same reader: an anonymous one who signed in. Of
--   two votes the newer holds, so the reader counts once. May be repeated: what was moved is not there to be moved again.
--   The record that it was moved from stays, marked as taken, so that older votes of that voter do not come back.
-- KEYS[1]: the page's hash. Buckets, channel and the set of held votes share its hash tag.
-- ARGV[1]: from whom, 8 bytes. ARGV[2]: to whom, 8 bytes. ARGV[3]: votes stamped later stay where they are (ms).
-- Returns: { stamp of the record that the second voter has then, also when it was moved before; 0: none; -1: the first has
--   nothing to move here, and had nothing; and when totals changed the minute in which they did, and the net change of
--   reaction 0, … 7 }.
-- Cost: some 10 µs; 5 µs when there is nothing to move.

-- include: buckets.lua
-- include: counting.lua
-- include: holds.lua
-- include: split.lua
-- include: timeline.lua

local page, from, to = KEYS[1], ARGV[1], ARGV[2]
local tag = string.sub(page, 1, -5)
local stem, holds_key = tag .. 'v:', tag .. 'holds'
local call = redis.call

-- 1. Both records.
local head = call('HMGET', page, 'epoch', 'rev', 'state', 'records', 'buckets', '0', '1', '2', '3', '4', '5', '6', '7',
  'counting')
local count = tonumber(head[5] or 1)
local power = power_below(count)
local bucket_from = bucket_of(from, 1, count, power)
local leaving = call('HGET', stem .. bucket_from, from)
if not leaving then return { -1 } end
local at, reaction = stamp_and_reaction(leaving)
local bucket_to = bucket_of(to, 1, count, power)
local present = call('HGET', stem .. bucket_to, to)
local at_present, present_reaction = 0, WITHDRAWN
if present then at_present, present_reaction = stamp_and_reaction(present) end
-- A withdrawal is a word like any other. A vote that an order took is none, and neither is one that moved.
if at > tonumber(ARGV[3]) then return { -1 } end
if reaction == TAKEN then return { at_present } end

-- 2. Move it, unless the other's own word is newer.
local counting = parse_counting(head[14])
local moved = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
local function move(bucket, one, by)
  if one >= HELD then return end
  moved[one] = moved[one] + by
  if counting and is_counted(counting, bucket) then counting.sums[one] = counting.sums[one] + by end
end

call('HSET', stem .. bucket_from, from, with_reaction(leaving, TAKEN))
move(bucket_from, reaction, -1)
if is_held(reaction) then let_go(holds_key, from) end
local arrives = at > at_present
local arriving = reaction
if arrives then
  -- Who was found plausible before stays so.
  if is_held(reaction) and present_reaction < HELD then arriving = reaction - HELD end
  call('HSET', stem .. bucket_to, to, with_reaction(leaving, arriving))
  move(bucket_to, present_reaction, -1)
  move(bucket_to, arriving, 1)
  if is_held(arriving) then
    hold_vote(holds_key, to, leaving)
  elseif is_held(present_reaction) then
    let_go(holds_key, to)
  end
end

-- 3. Make room, move the totals and raise the revision.
local fields, totals, total_moved = {}, {}, false
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
if not present and arrives then
  local records = tonumber(head[4]) + 1
  while records > count * RECORDS_A_BUCKET do count, power = split_next(stem, count, power) end
  set('records', records)
  set('buckets', count)
end
for r = 0, 7 do
  totals[r + 1] = tonumber(head[6 + r] or 0) + moved[r]
  if moved[r] ~= 0 then
    total_moved = true
    set(r, totals[r + 1])
  end
end
local rev = tonumber(head[2] or 0)
if total_moved then
  rev = rev + 1
  set('rev', rev)
end
if counting then set('counting', format_counting(counting)) end
if is_held(reaction) or is_held(present_reaction) then set('held', call('ZCARD', holds_key)) end
if #fields > 0 then call('HSET', page, unpack(fields)) end

-- 4. Tell everyone who watches the page.
if total_moved then
  call('SPUBLISH', tag .. 'counts', table.concat({ head[1], rev, head[3] or 'open', unpack(totals) }, ' '))
end
local reply = { math.max(at, at_present) }
if total_moved then note_now(page, tag, moved, reply) end
return reply

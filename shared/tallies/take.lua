-- Purpose: takes votes of one page out of the totals, as an order wants it, in small steps. May be repeated: what is taken
--   is not there to be taken again.
-- KEYS[1]: the page's hash. Buckets, channel and what is kept for an undo share its hash tag.
-- ARGV[1]: the order's id. ARGV[2]: "dry": only count; "take": the record stays, marked as taken, so that older votes of the
--   voter do not come back; "drop": the record goes, for orders that void whatever is older than they are; "release": what is
--   held is held no longer, and counts.
-- ARGV[3], [4]: stamps from, to (ms, inclusive). ARGV[5]: reaction, -1: any. ARGV[6]: source, -1: any.
-- ARGV[7]: until when what is taken is kept for an undo (Unix ms); 0: it is not kept.
-- ARGV[8]: the voters to look at, 8 bytes each; "": all of them, bucket by bucket:
-- ARGV[9]: number of buckets when the walk began, 0: it begins now. ARGV[10]: original bucket to go on with.
-- ARGV[11]: original buckets to look at in this call. ARGV[12]: "held": only votes that are held; "": held ones and others.
-- Returns: { buckets when the walk began, next original bucket (0: done), revision, votes taken of reaction 0, … 7 (by which the
--   totals move, or with "held" the held votes); and when totals changed the minute in which they did, and the net change of
--   reaction 0, … 7 }.
-- Cost: 1 to 2 µs a record looked at; a bucket holds at most 128.

-- include: buckets.lua
-- include: counting.lua
-- include: holds.lua
-- include: timeline.lua

local page, order, mode = KEYS[1], ARGV[1], ARGV[2]
local since, til, reaction_asked, source_asked = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local kept_until, voters, only_held = tonumber(ARGV[7]), ARGV[8], ARGV[12] == 'held'
local tag = string.sub(page, 1, -5)
local stem = tag .. 'v:'
local call, sub = redis.call, string.sub

-- 1. The page as it stands. An order that was undone takes nothing any more, however late a step of it arrives.
local held = call('HMGET', page, 'epoch', 'rev', 'state', 'records', 'buckets', '0', '1', '2', '3', '4', '5', '6', '7',
  'counting')
local rev, count = tonumber(held[2] or 0), tonumber(held[5] or 1)
if not held[1] or call('EXISTS', tag .. 'x:' .. order) == 1 then return { 1, 0, rev, 0, 0, 0, 0, 0, 0, 0, 0 } end
local counting = parse_counting(held[14])

-- 2. Look at the records and take what matches.
local taken = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
local moved = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }
local kept, dropped, changed, holds_moved = {}, 0, false, false

local function source_of(record)
  local a, b, c = byte(record, 7, 9)
  return (a * 256 + b) * 256 + c
end

local function matches(record, at, reaction, held_vote)
  if at < since or at > til or only_held and not held_vote then return false end
  if held_vote then reaction = reaction - HELD end
  -- What drops whole records drops those that hold nothing too.
  if reaction > 7 then return mode == 'drop' and reaction_asked == -1 end
  return (reaction_asked == -1 or reaction == reaction_asked)
    and (source_asked == -1 or source_of(record) == source_asked)
end

local function take_from(bucket, entries)
  local key, gone, writes, freed = stem .. bucket, {}, {}, {}
  local counted = counting and is_counted(counting, bucket)
  local function move(reaction, by)
    moved[reaction] = moved[reaction] + by
    if counted then counting.sums[reaction] = counting.sums[reaction] + by end
  end
  for i = 1, #entries, 2 do
    local voter, record = entries[i], entries[i + 1]
    local at, reaction = stamp_and_reaction(record)
    local held_vote = is_held(reaction)
    if matches(record, at, reaction, held_vote) then
      local after = TAKEN
      if held_vote then
        freed[#freed + 1] = voter
        if only_held then taken[reaction - HELD] = taken[reaction - HELD] + 1 end
        if mode == 'release' then
          after = reaction - HELD
          move(after, 1)
        end
      elseif reaction < HELD then
        taken[reaction] = taken[reaction] + 1
        move(reaction, -1)
      end
      kept[#kept + 1] = voter .. record
      gone[#gone + 1] = voter
      writes[#writes + 1] = voter
      writes[#writes + 1] = with_reaction(record, after)
    end
  end
  if mode == 'dry' or #gone == 0 then return end
  changed = true
  if mode == 'drop' then
    call('HDEL', key, unpack(gone))
    dropped = dropped + #gone
  else
    call('HSET', key, unpack(writes))
  end
  if #freed > 0 then
    let_go(tag .. 'holds', unpack(freed))
    holds_moved = true
  end
  -- One piece for each bucket: an undo restores them one by one.
  if kept_until > 0 then call('RPUSH', tag .. 'u:' .. order, table.concat(kept)) end
  kept = {}
end

local first, next_bucket = tonumber(ARGV[9]), tonumber(ARGV[10])
if voters ~= '' then
  first, next_bucket = count, 0
  local power = power_below(count)
  for from = 1, #voters, 8 do
    local voter = sub(voters, from, from + 7)
    local bucket = bucket_of(voter, 1, count, power)
    local record = call('HGET', stem .. bucket, voter)
    if record then take_from(bucket, { voter, record }) end
  end
else
  if first == 0 then first, next_bucket = count, count end
  local stop = math.min(next_bucket + tonumber(ARGV[11]), 2 * first)
  for original = next_bucket, stop - 1 do
    visit_original(original, count, function(bucket) take_from(bucket, call('HGETALL', stem .. bucket)) end)
  end
  next_bucket = stop < 2 * first and stop or 0
end
if not changed then return { first, next_bucket, rev, taken[0], unpack(taken) } end

-- 3. Move the totals and raise the revision.
local fields, totals, total_moved = {}, {}, false
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
for reaction = 0, 7 do
  local total = tonumber(held[6 + reaction] or 0) + moved[reaction]
  totals[reaction + 1] = total
  if moved[reaction] ~= 0 then
    total_moved = true
    set(reaction, total)
  end
end
local records = tonumber(held[4]) - dropped
if dropped > 0 then set('records', records) end
if counting then set('counting', format_counting(counting)) end
if holds_moved then set('held', call('ZCARD', tag .. 'holds')) end
if total_moved then
  rev = rev + 1
  set('rev', rev)
end
if #fields > 0 then call('HSET', page, unpack(fields)) end
-- An empty page begins again with one bucket, and knows no crowds. A recount under way would look in the wrong places: it
-- begins again too.
if dropped > 0 and records == 0 then
  call('HSET', page, 'buckets', 1)
  call('HDEL', page, 'counting', 'crowd')
  call('UNLINK', tag .. 'crowd', tag .. 'strangers')
end

-- 4. Remember what this order took, in one step with taking it: a crash must not make it count twice or never.
if kept_until > 0 then
  local memory = tag .. 'o:' .. order
  for reaction = 0, 7 do
    call('HSETNX', memory, 'before' .. reaction, held[6 + reaction] or 0)
    if taken[reaction] > 0 then call('HINCRBY', memory, 'taken' .. reaction, taken[reaction]) end
  end
  call('PEXPIREAT', memory, kept_until)
  call('PEXPIREAT', tag .. 'u:' .. order, kept_until)
end

-- 5. Tell everyone who watches the page.
if total_moved then
  call('SPUBLISH', tag .. 'counts', table.concat({ held[1], rev, held[3] or 'open', unpack(totals) }, ' '))
end
local reply = { first, next_bucket, rev, taken[0], unpack(taken) }
if total_moved then note_now(page, tag, moved, reply) end
return reply

-- Purpose: drops the records of a page that is closed for good, in small steps. What they count becomes part of the page's
--   base count, so that the totals stay, and a recount, an export and an import get them right. May be repeated: what is
--   dropped is not there to be dropped again.
-- KEYS[1]: the page's hash. ARGV[1]: number of buckets when the walk began, 0: it begins now. ARGV[2]: original bucket to go on
--   with. ARGV[3]: original buckets to drop in this call.
-- Returns: { buckets when the walk began, next original bucket (0: done), records that are left }.
-- Cost: about 1 µs a record.

-- include: buckets.lua
-- include: counting.lua
-- include: holds.lua

local page = KEYS[1]
local tag = string.sub(page, 1, -5)
local call = redis.call
local held = call('HMGET', page, 'closed', 'records', 'buckets', 'counting')
local records, count = tonumber(held[2] or 0), tonumber(held[3] or 1)
if not held[1] then return { 1, 0, records } end
local counting = parse_counting(held[4])

local based, dropped = { [0] = 0, 0, 0, 0, 0, 0, 0, 0 }, 0
local function drop(bucket)
  local key = tag .. 'v:' .. bucket
  local entries, freed = call('HGETALL', key), {}
  local counted = counting and is_counted(counting, bucket)
  for i = 1, #entries, 2 do
    local _, reaction = stamp_and_reaction(entries[i + 1])
    if reaction < HELD then
      based[reaction] = based[reaction] + 1
      if counted then counting.sums[reaction] = counting.sums[reaction] - 1 end
    elseif is_held(reaction) then
      -- Nobody let it count in all that time.
      freed[#freed + 1] = entries[i]
    end
  end
  if #freed > 0 then let_go(tag .. 'holds', unpack(freed)) end
  dropped = dropped + #entries / 2
  call('UNLINK', key)
end

local first, next_bucket = tonumber(ARGV[1]), tonumber(ARGV[2])
if first == 0 then first, next_bucket = count, count end
local stop = math.min(next_bucket + tonumber(ARGV[3]), 2 * first)
for original = next_bucket, stop - 1 do visit_original(original, count, drop) end

records = records - dropped
for reaction = 0, 7 do
  if based[reaction] > 0 then call('HINCRBY', page, 'b' .. reaction, based[reaction]) end
end
call('HSET', page, 'records', records)
if counting then call('HSET', page, 'counting', format_counting(counting)) end
if records == 0 then
  -- As take.lua leaves an empty page: a recount under way begins again.
  call('HSET', page, 'buckets', 1)
  call('HDEL', page, 'counting', 'crowd', 'held')
  call('UNLINK', tag .. 'crowd', tag .. 'strangers', tag .. 'holds')
elseif dropped > 0 then
  call('HSET', page, 'held', call('ZCARD', tag .. 'holds'))
end
return { first, stop < 2 * first and stop or 0, records }

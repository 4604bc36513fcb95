-- Purpose: prepares a page for the records of an import, and gives it a base count.
--
-- An import brings a page's records in the order of their pseudonyms. Without room made before, all of them would fall
-- into the same few buckets until the page has grown, and those would swell far past what Redis keeps packed.
-- KEYS[1]: the page's hash. The page's buckets and its channel share its hash tag.
-- ARGV[1]: how many buckets there should be. ARGV[2]: how many may be split in this call.
-- ARGV[3]: an epoch to take if the page is new. ARGV[4]: the page's id if its keys hold a digest, else "".
-- ARGV[5] … ARGV[12]: base count of reaction 0 … 7, none below zero; without them the page keeps the one it has.
-- Returns: the number of buckets now.
-- Cost: 3 µs for a bucket that is empty, 20 µs for a full one.

-- include: buckets.lua
-- include: split.lua

local call = redis.call
local page = KEYS[1]
local tag = string.sub(page, 1, -5)
local held = call('HMGET', page, 'epoch', 'rev', 'state', 'records', 'buckets')
local records, count, wanted = tonumber(held[4] or 0), tonumber(held[5] or 1), tonumber(ARGV[1])
local fields = {}
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
if not held[1] then
  set('epoch', ARGV[3])
  if ARGV[4] ~= '' then set('id', ARGV[4]) end
end

-- 1. Make room. A page without records has no buckets to split.
if count < wanted then
  if records == 0 then
    count = wanted
  else
    local last, power = math.min(wanted, count + tonumber(ARGV[2])), power_below(count)
    while count < last do count, power = split_next(tag .. 'v:', count, power) end
  end
  set('buckets', count)
end

-- 2. The totals hold the base count, so whoever reads or moves them need not know of it. It is a state like a vote:
--    the same again moves nothing.
local changed, totals = false, call('HMGET', page, '0', '1', '2', '3', '4', '5', '6', '7')
if ARGV[5] then
  local bases = call('HMGET', page, 'b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7')
  for reaction = 0, 7 do
    local before, base = tonumber(bases[reaction + 1] or 0), tonumber(ARGV[5 + reaction])
    if base ~= before then
      totals[reaction + 1] = tonumber(totals[reaction + 1] or 0) + base - before
      set(reaction, totals[reaction + 1])
      if base > 0 then set('b' .. reaction, base) else call('HDEL', page, 'b' .. reaction) end
      changed = true
    end
  end
end
local rev = tonumber(held[2] or 0)
if changed then
  rev = rev + 1
  set('rev', rev)
end
if #fields > 0 then call('HSET', page, unpack(fields)) end

-- 3. Tell everyone who watches the page.
if changed then
  for reaction = 1, 8 do totals[reaction] = totals[reaction] or 0 end
  call('SPUBLISH', tag .. 'counts', table.concat({ held[1] or ARGV[3], rev, held[3] or 'open', unpack(totals) }, ' '))
end
return count

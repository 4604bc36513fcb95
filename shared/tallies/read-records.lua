-- Purpose: reads a page's records in the order of their pseudonyms, a few buckets a call.
--
-- Buckets hold ranges of pseudonyms: in the order 2·power … 2·count-1, count … 2·power-1 (power: the greatest power of
-- two that is at most count) they hold them ascending. When the page grew since the last call, the place to go on from
-- is looked up anew by the last pseudonym that was read, so that no record is left out that was there all the time.
-- KEYS[1]: the page's hash.
-- ARGV[1]: the number of buckets at the last call (0: this is the first). ARGV[2]: the place of the next bucket in that
--   order. ARGV[3]: the last pseudonym that was read (8 bytes), or "". ARGV[4]: how many buckets to read.
-- Returns: { number of buckets, place of the next bucket, records: 8 bytes of voter and 9 of record each }. After the last
--   bucket the place is the number of buckets. Records of a bucket are in no order, and some may have been read before.
-- Cost: below 1 µs a record.

-- include: buckets.lua

local count = tonumber(redis.call('HGET', KEYS[1], 'buckets') or 1)
local power = power_below(count)
local place = tonumber(ARGV[2])
if count ~= tonumber(ARGV[1]) then
  place = 0
  if ARGV[3] ~= '' then
    local bucket = bucket_of(ARGV[3], 1, count, power)
    place = bucket >= 2 * power and bucket - 2 * power or bucket - 2 * power + count
  end
end
local stem = string.sub(KEYS[1], 1, -5) .. 'v:'
local first_after = 2 * (count - power)
local found = {}
for _ = 1, tonumber(ARGV[4]) do
  if place >= count then break end
  local bucket = place < first_after and place + 2 * power or place - first_after + count
  local entries = redis.call('HGETALL', stem .. bucket)
  if #entries > 0 then found[#found + 1] = table.concat(entries) end
  place = place + 1
end
return { count, place, table.concat(found) }

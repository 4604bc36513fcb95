-- Purpose: reads the records of one page, bucket by bucket; changes nothing. Every record that is there from the beginning
--   to the end of a walk is read once, however the page grows meanwhile.
-- KEYS[1]: the page's hash. ARGV[1]: number of buckets when the walk began, 0: it begins now. ARGV[2]: original bucket to go
--   on with. ARGV[3]: original buckets to read in this call.
-- Returns: { buckets when the walk began, next original bucket (0: done), records: 8 bytes of voter and 9 of record each }.
-- Cost: below 1 µs a record.

-- include: buckets.lua

local stem = string.sub(KEYS[1], 1, -5) .. 'v:'
local call = redis.call
local count = tonumber(call('HGET', KEYS[1], 'buckets') or 1)
local first, next_bucket = tonumber(ARGV[1]), tonumber(ARGV[2])
if first == 0 then first, next_bucket = count, count end
local stop = math.min(next_bucket + tonumber(ARGV[3]), 2 * first)
local found = {}
for original = next_bucket, stop - 1 do
  visit_original(original, count, function(bucket)
    local entries = call('HGETALL', stem .. bucket)
    if #entries > 0 then found[#found + 1] = table.concat(entries) end
  end)
end
return { first, stop < 2 * first and stop or 0, table.concat(found) }

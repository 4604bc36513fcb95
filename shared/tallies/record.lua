-- Purpose: reads the record of one voter on one page.
-- KEYS[1]: the page's hash. ARGV[1]: the voter's pseudonym, 8 bytes.
-- Returns: { time in ms, reaction (an index; 30: taken out by an order; 31: withdrawn) }, or nothing without a record.
-- Cost: two hash reads.

-- include: buckets.lua

local count = tonumber(redis.call('HGET', KEYS[1], 'buckets') or 1)
local bucket = bucket_of(ARGV[1], 1, count, power_below(count))
local record = redis.call('HGET', string.sub(KEYS[1], 1, -5) .. 'v:' .. bucket, ARGV[1])
if not record then return false end
local at, reaction = stamp_and_reaction(record)
return { at, reaction }

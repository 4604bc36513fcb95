-- Purpose: splits the bucket whose turn it is. Included after buckets.lua by the scripts that make room for records.

-- The mean number of records a bucket; buckets.lua says what ceiling follows from it.
local RECORDS_A_BUCKET = 48

-- A bucket never holds this many fields; one that does (records that are not evenly spread) is written in parts, because
-- Lua cannot pass more than some thousand arguments at once.
local FIELDS_A_WRITE = 4000

-- Bucket `count` becomes two. `stem`: what the buckets' keys begin with; `power`: power_below(count).
-- Returns the number of buckets afterwards and its power_below. Cost: some 20 µs for a bucket of the usual size.
local function split_next(stem, count, power)
  local entries = redis.call('HGETALL', stem .. count)
  redis.call('DEL', stem .. count)
  count = count + 1
  if power * 2 <= count then power = power * 2 end
  local low, high = {}, {}
  local low_bucket = 2 * (count - 1)
  for i = 1, #entries, 2 do
    local half = bucket_of(entries[i], 1, count, power) == low_bucket and low or high
    local n = #half
    half[n + 1] = entries[i]
    half[n + 2] = entries[i + 1]
  end
  for into, half in pairs({ [low_bucket] = low, [low_bucket + 1] = high }) do
    for from = 1, #half, FIELDS_A_WRITE do
      redis.call('HSET', stem .. into, unpack(half, from, math.min(from + FIELDS_A_WRITE - 1, #half)))
    end
  end
  return count, power
end

-- Purpose: splits the bucket whose turn it is. Included after buckets.lua by the scripts that make room for records.

-- The mean number of records a bucket; buckets.lua says what ceiling follows from it.
local RECORDS_A_BUCKET = 50

-- A bucket never holds this many fields; one that does (records that are not evenly spread) is written in parts, because
-- Lua cannot pass more than some thousand arguments at once.
local FIELDS_A_WRITE = 4000

-- Bucket `count` becomes two. `stem`: what the buckets' keys begin with; `power`: power_below(count).
-- Returns the number of buckets afterwards and its power_below. Cost: some 20 µs for a bucket of the usual size.
local function split_next(stem, count, power)
  local entries = redis.call('HGETALL', stem .. count)
  redis.call('DEL', stem .. count)
  -- A record's place in this bucket is m times `power`; where that is less than the bucket's middle, it goes into the first half.
  local low_below = (count + 0.5) / power
  local low, high, lows, highs = {}, {}, 0, 0
  for i = 1, #entries, 2 do
    local voter = entries[i]
    if spread(voter, 1) < low_below then
      low[lows + 1], low[lows + 2] = voter, entries[i + 1]
      lows = lows + 2
    else
      high[highs + 1], high[highs + 2] = voter, entries[i + 1]
      highs = highs + 2
    end
  end
  for into, half in pairs({ [2 * count] = low, [2 * count + 1] = high }) do
    for from = 1, #half, FIELDS_A_WRITE do
      redis.call('HSET', stem .. into, unpack(half, from, math.min(from + FIELDS_A_WRITE - 1, #half)))
    end
  end
  count = count + 1
  return count, power * 2 <= count and power * 2 or power
end

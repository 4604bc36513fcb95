-- Purpose: finds the bucket of a voter's record. Included by every script that touches records.
--
-- A page's records are spread over buckets small enough for Redis to keep them packed (listpack). The page grows one
-- bucket at a time: linear hashing, with the spread of spiral storage (G. N. N. Martin, 1979) so that the fullest bucket
-- is always the next to split. A page with n buckets has those numbered n … 2n-1. When it grows, bucket n goes and its
-- records move to buckets 2n and 2n+1. A record's place is a number m in [1, 2): its bucket is the whole part of m times
-- a power of two. The density of m falls from 1.5 at its beginning to 0.75 at its end, exactly a half, which makes the
-- seam between old and new buckets invisible; no bucket holds more than 1.5 times the mean (the mean plus 5 deviations
-- still stays below 128). Only sums, products and exact powers of two are used, so every Redis agrees on every bucket.

local byte, floor = string.byte, math.floor

-- A record holds the index of a reaction, 0 to 7; or HELD more, while the vote is held: its voter is shown it, the totals do not
-- have it. Or it holds one of these, which stay so that nothing older of the voter comes back.
local HELD = 8
local WITHDRAWN = 31 -- by the voter
local TAKEN = 30 -- by an order; the vote itself is kept apart for a while, to be restored

local function power_below(count)
  local power = 1
  while power * 2 <= count do power = power * 2 end
  return power
end

-- The number m of the voter whose pseudonym (8 bytes, evenly spread) begins at `from` in `bytes`.
local function spread(bytes, from)
  local a, b, c, d = byte(bytes, from, from + 3)
  local h = (((a * 256 + b) * 256 + c) * 256 + d) / 4294967296
  return 1 + h * (2 + h) / 3
end

-- The number of the bucket that holds this voter in a page of `count` buckets. `power` is power_below(count), passed in because
-- callers ask for many voters of one page.
local function bucket_of(bytes, from, count, power)
  local place = spread(bytes, from) * power
  if place < count then place = place * 2 end
  return floor(place)
end

-- A record is 9 bytes: 42 bits of Redis time in milliseconds, 6 bits of reaction, 3 bytes of source. Returns time and reaction.
local function stamp_and_reaction(record)
  local a, b, c, d, e, f = byte(record, 1, 6)
  local reaction = f % 64
  return (((((a * 256 + b) * 256 + c) * 256 + d) * 256 + e) * 256 + f - reaction) / 64, reaction
end

-- Calls visit(bucket) for whatever has become of bucket `original` since the page had `first` buckets: it may have been
-- split since, once or more. Going through first … 2·first-1 this way meets every record once, however the page grows.
local function visit_original(original, count, visit)
  if original >= count then return visit(original) end
  visit_original(original * 2, count, visit)
  visit_original(original * 2 + 1, count, visit)
end

-- The same record with another reaction.
local function with_reaction(record, reaction)
  local f = byte(record, 6)
  return string.sub(record, 1, 5) .. string.char(f - f % 64 + reaction) .. string.sub(record, 7)
end

local function is_held(reaction)
  return reaction >= HELD and reaction < 2 * HELD
end

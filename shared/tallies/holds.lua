-- Purpose: the votes of a page that are held, and whose turn it is when some may go. Included after buckets.lua.
--
-- The key `holds` is a sorted set of the voters by the sources of their records. A source's first 18 bits are its network at large,
-- so that those of one network stand together.
-- Who goes first is fair queueing by network (J. Nagle, RFC 970, 1985): a network that waits with many does not keep one waiting
-- that waits with few.

-- Networks that are looked at when something may go. They are drawn at random, each as likely as any other or nearly so,
-- however many wait in it.
local DRAWS = 8
local ADDRESSES, NETWORKS_THERE_ARE = 64, 262144

-- The source that stands at `from` in `bytes`.
local function source_at(bytes, from)
  local a, b, c = byte(bytes, from, from + 2)
  return (a * 256 + b) * 256 + c
end

-- `key`: of the sorted set.
local function hold_vote(key, voter, record)
  redis.call('ZADD', key, source_at(record, 7), voter)
end

local function let_go(key, ...)
  redis.call('ZREM', key, ...)
end

-- Random numbers from 0 to less than 1 (Park and Miller, 1988); Redis begins its own anew in every call. `seed`: eight bytes that
-- nobody can choose.
local function random_from(seed)
  local a, b, c, d = byte(seed, 5, 8)
  local state = ((a % 128 * 256 + b) * 256 + c) * 256 + d + 1
  return function()
    state = state * 16807 % 2147483647
    return state / 2147483647
  end
end

-- How many wait in the network whose first source is `first`.
local function waiting_in(key, first)
  return redis.call('ZCOUNT', key, first, first + ADDRESSES - 1)
end

-- The first voter from source `from` on, and its source; nil when there is none before `past`.
local function held_from(key, from, past)
  local found = redis.call('ZRANGE', key, from, '(' .. past, 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
  return found[1], tonumber(found[2])
end

-- Some networks that hold votes, those that hold the fewest first: { first source, how many wait }.
local function draw_networks(key, random)
  local drawn, seen, past = {}, {}, NETWORKS_THERE_ARE * ADDRESSES
  for _ = 1, DRAWS do
    local voter, source = held_from(key, floor(random() * NETWORKS_THERE_ARE) * ADDRESSES, past)
    if not voter then voter, source = held_from(key, 0, past) end
    if not voter then return drawn end
    local first = source - source % ADDRESSES
    if not seen[first] then
      seen[first] = true
      drawn[#drawn + 1] = { first = first, waiting = waiting_in(key, first) }
    end
  end
  table.sort(drawn, function(one, other) return one.waiting < other.waiting end)
  return drawn
end

-- A voter who waits in the network whose first source is `first`, of an address drawn at random.
local function draw_voter(key, random, first)
  return held_from(key, first + floor(random() * ADDRESSES), first + ADDRESSES) or held_from(key, first, first + ADDRESSES)
end

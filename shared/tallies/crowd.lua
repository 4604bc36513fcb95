-- Purpose: decides which new votes of a page are plausible, and which are held. Included after buckets.lua.
--
-- It knows networks only as records name them: 14 bits for the network at large (an IPv4 /24, an IPv6 /48) and 10 bits for
-- the address in it (an IPv4 address, an IPv6 /64). How many counted votes of a page came from each stands beside the page,
-- in one string of one-byte counters that two networks may share: four to a network, by the last two bits of the address.
-- So it is a sketch in the manner of count-min (Cormode and Muthukrishnan, 2005), and never counts too few but when it grows.
--
-- A new vote is *single* while its address and its network have few; beyond that it is one of a *crowd*. Families, offices and
-- carriers are crowds, too. A vote of a crowd is plausible
--   - while its address has fewer than a floor plus a share of the page's voters, and
--   - while the page has credit: a floor to begin with; each single vote adds what crowds usually send for each single
--     vote on this very page, and a half more; each vote of a crowd takes one. A page that is read by a carrier's customers
--     earns much, one whose votes come singly earns little, and a thousand rented addresses share what there is.
-- What is held is not counted here: only what the public sees makes more of it plausible.
--
-- The field `crowd` of a page's hash: `singles crowded credit counted`: votes of either kind in the totals, the credit, and the
-- sum of the counters. The string lives for a day, as sources do; then counting begins anew.

local ADDRESS_FLOOR, ADDRESS_SHARE = 16, 0.1
local CREDIT_FLOOR, CREDIT_SHARE = 25, 0.02
-- Crowds send so much for each single vote until the page has shown otherwise: this guess weighs as much as so many votes.
local USUAL, USUAL_WEIGHT, MARGIN = 1.5, 300, 1.5
-- Below so many voters nothing is counted: most pages never have more.
local COUNTED_FROM = 8
local NETWORKS_MIN, NETWORKS_MAX, LIVES_S = 16, 8192, 86400

local halves = false
local function halved(cells)
  if not halves then
    halves = {}
    for n = 0, 255 do halves[string.char(n)] = string.char(floor(n / 2)) end
  end
  return string.gsub(cells, '.', halves)
end

-- `key`: the string's; `text`: the field `crowd`; `records`: voters of the page; `many`: whether many votes are to come.
local function open_crowd(key, text, records, many)
  local crowd = { key = key, records = records, networks = 0, added = {}, singles = 0, crowded = 0, credit = CREDIT_FLOOR, counted = 0 }
  if text then
    local singles, crowded, credit, counted = string.match(text, '^(%S+) (%S+) (%S+) (%S+)$')
    crowd.singles, crowd.crowded, crowd.credit, crowd.counted = tonumber(singles), tonumber(crowded), tonumber(credit), tonumber(counted)
  end
  crowd.gain = MARGIN * (USUAL * USUAL_WEIGHT + crowd.crowded) / (USUAL_WEIGHT + crowd.singles)
  crowd.address_max = ADDRESS_FLOOR + ADDRESS_SHARE * records
  crowd.credit_max = CREDIT_FLOOR + CREDIT_SHARE * records
  if records < COUNTED_FROM then return crowd end
  local networks = redis.call('STRLEN', key) / 4
  if networks == 0 then
    crowd.counted = 0
    networks = NETWORKS_MIN
    while networks < NETWORKS_MAX and records > 4 * networks do networks = networks * 2 end
    redis.call('SETRANGE', key, networks * 4 - 1, '\0')
    redis.call('EXPIRE', key, LIVES_S)
  elseif networks < NETWORKS_MAX and records > 4 * networks then
    -- Twice as many counters: the votes of each belong to two by now, and nobody knows which.
    local cells = halved(redis.call('GET', key))
    networks, crowd.counted = networks * 2, floor(crowd.counted / 2)
    redis.call('SETRANGE', key, 0, cells .. cells)
  end
  crowd.networks = networks
  if many then crowd.cells = redis.call('GET', key) end
  -- What chance puts on a network's counters grows with the page.
  local by_chance = crowd.counted / networks
  crowd.single_address_max, crowd.single_network_max = 3 + by_chance / 2, 6 + 2 * by_chance
  return crowd
end

-- The place of a record's counter, and its first neighbour's.
local function counter_of(crowd, record)
  local a, b, c = byte(record, 7, 9)
  local first = (a * 64 + floor(b / 4)) % crowd.networks * 4
  return first + c % 4, first
end

local function counters(crowd, from, to)
  if crowd.cells then return byte(crowd.cells, from + 1, to + 1) end
  return byte(redis.call('GETRANGE', crowd.key, from, to), 1, to - from + 1)
end

-- What the next vote of this record's source is: "single", "crowd" (take one credit) or "held"; and its counter.
local function judge(crowd, record)
  if crowd.networks == 0 then return 'single' end
  local own, first = counter_of(crowd, record)
  local added = crowd.added
  local address = counters(crowd, own, own) + (added[own] or 0)
  if address == 0 then return 'single', own end
  local w, x, y, z = counters(crowd, first, first + 3)
  local network = w + x + y + z + (added[first] or 0) + (added[first + 1] or 0) + (added[first + 2] or 0) + (added[first + 3] or 0)
  if address < crowd.single_address_max and network < crowd.single_network_max then return 'single', own end
  if crowd.credit < 1 or address >= crowd.address_max then return 'held', own end
  return 'crowd', own
end

-- The vote is in the totals.
local function note(crowd, verdict, own)
  if verdict == 'single' then
    crowd.singles = crowd.singles + 1
    local credit = crowd.credit + crowd.gain
    crowd.credit = credit < crowd.credit_max and credit or crowd.credit_max
  else
    crowd.crowded, crowd.credit = crowd.crowded + 1, crowd.credit - 1
  end
  if own then crowd.added[own] = (crowd.added[own] or 0) + 1 end
end

-- A counted vote has gone again by its voter's own wish: it must not stand in the way of the next.
local function unnote(crowd, record)
  if crowd.networks == 0 then return end
  local own = counter_of(crowd, record)
  local address = counters(crowd, own, own) + (crowd.added[own] or 0)
  if address == 0 then return end
  if address >= crowd.single_address_max then crowd.credit = crowd.credit + 1 end
  crowd.added[own] = (crowd.added[own] or 0) - 1
end

-- Writes the counters; returns the field `crowd`.
local function close_crowd(crowd)
  local steps, n = { 'OVERFLOW', 'SAT' }, 2
  for own, change in pairs(crowd.added) do
    if change ~= 0 then
      steps[n + 1], steps[n + 2], steps[n + 3], steps[n + 4] = 'INCRBY', 'u8', '#' .. own, change
      n = n + 4
      crowd.counted = crowd.counted + change
    end
  end
  if n > 2 then redis.call('BITFIELD', crowd.key, unpack(steps)) end
  return string.format('%d %d %.2f %d', crowd.singles, crowd.crowded, crowd.credit, math.max(0, crowd.counted))
end
